import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "@slipway/graph";
import type { KubernetesObject } from "@slipway/kubernetes";

/** A release in a folder of its own. */
export interface CopiedRelease {
  readonly folder: string;
  readonly objects: readonly KubernetesObject[];
  remove(): void;
}

/**
 * The same platform with `times` as many of its namespaced objects, the copies in namespaces of their own
 * (`kubeflow-2`, …). Definitions and other cluster-wide objects stay as they are, and so do workloads that wait
 * for what a controller makes at run time, since no controller makes it for a copy.
 */
export function copyObjects(graph: Graph, times: number): CopiedRelease {
  const nodes = [...graph.nodes.values()].filter((node) => node.type === "object");
  const stuck = whoeverNeedsCreated(graph);
  const copied = nodes.filter(({ key, id }) => id.namespace !== undefined && !stuck.has(key));
  const namespaces = new Set(copied.map(({ id }) => id.namespace ?? ""));
  const objects = nodes.map(({ object }) => object);
  for (let copy = 2; copy <= times; copy += 1) {
    for (const { object } of nodes) {
      const { kind, metadata } = object;
      if (kind !== "Namespace" || !namespaces.has(metadata.name)) continue;
      objects.push({ ...object, metadata: { ...metadata, name: `${metadata.name}-${copy}` } });
    }
    for (const { object } of copied) objects.push(moveObject(object, copy));
  }
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const example = join(folder, "example");
  mkdirSync(example);
  const lists = objects.map((object) => JSON.stringify(object)).join("\n---\n");
  writeFileSync(join(example, "objects.yaml"), `${lists}\n`);
  writeFileSync(join(example, "kustomization.yaml"), "resources: [objects.yaml]\n");
  return { folder, objects, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function moveObject(object: KubernetesObject, copy: number): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, namespace: `${object.metadata.namespace}-${copy}` } };
}

/** Nodes that something made at run time holds back, directly or through others. */
function whoeverNeedsCreated(graph: Graph): ReadonlySet<string> {
  const held = new Set<string>();
  for (const { from, to } of graph.edges) if (graph.nodes.get(to)?.type === "created") held.add(from);
  return held;
}
