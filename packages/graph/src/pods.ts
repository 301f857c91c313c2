import type { KubernetesObject } from "@slipway/kubernetes/objects";
import { groupOf } from "@slipway/kubernetes/objects";
import type { JsonObject } from "@slipway/yaml";
import { labelsAt, mapAt } from "./fields.ts";

/** The pods that an object brings: their spec, labels and annotations, and where in the object they stand. */
export interface PodTemplate {
  readonly spec: JsonObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** For reasons: `spec.template.spec`. */
  readonly path: string;
}

/** Where each workload kind keeps its pod template. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "batch/Job": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
  "/ReplicationController": ["spec", "template"],
  "/Pod": [],
};

/** The pod template of a workload of Kubernetes' own kinds, or the pod itself. */
export function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const path = templatePaths[`${groupOf(object.apiVersion)}/${object.kind}`];
  const template = path && mapAt(object, ...path);
  const spec = mapAt(template, "spec");
  if (!path || !template || !spec) return undefined;
  return {
    spec,
    labels: labelsAt(template, "metadata", "labels"),
    annotations: labelsAt(template, "metadata", "annotations"),
    path: [...path, "spec"].join("."),
  };
}
