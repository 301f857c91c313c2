import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "@slipway/graph";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { LocalRelease } from "../local-release.ts";

/**
 * What has to be added to a platform for `times` as many of its namespaced objects: copies in namespaces of their
 * own (`kubeflow-2`, …). Definitions and other cluster-wide objects are not copied, and neither are workloads that
 * wait for what a controller makes at run time, since no controller makes it for a copy.
 */
export function copyObjects(graph: Graph, times: number): KubernetesObject[] {
  const nodes = [...graph.nodes.values()].filter((node) => node.type === "object");
  const stuck = whoeverNeedsCreated(graph);
  const namespaces = nodes.filter(({ id }) => id.kind === "Namespace");
  const names = new Set(namespaces.map(({ id }) => id.name));
  const copied = nodes.filter(({ key, id }) => names.has(id.namespace ?? "") && !stuck.has(key));
  const objects: KubernetesObject[] = [];
  for (let copy = 2; copy <= times; copy += 1) {
    for (const { object } of namespaces) {
      const { metadata } = object;
      objects.push({ ...object, metadata: { ...metadata, name: `${metadata.name}-${copy}` } });
    }
    for (const { object } of copied) objects.push(moveObject(object, copy));
  }
  return objects;
}

/** A copy of a release in a temporary folder, with more objects in its example. */
export function releaseWith(release: string, objects: readonly KubernetesObject[]): LocalRelease {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  cpSync(release, folder, { recursive: true });
  const example = join(folder, "example");
  const documents = objects.map((object) => JSON.stringify(object)).join("\n---\n");
  writeFileSync(join(example, "copies.yaml"), `${documents}\n`);
  // The list of resources is the last thing in upstream's kustomization.
  appendFileSync(join(example, "kustomization.yaml"), "\n- copies.yaml\n");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
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
