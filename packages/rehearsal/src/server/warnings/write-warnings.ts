// What the server advises about an object that it takes (each strategy's WarningsOnCreate and WarningsOnUpdate).
import type { KubernetesObject } from "@slipway/kubernetes";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { podTemplates } from "../pod-templates.ts";
import type { ServedType } from "../registry.ts";
import { checkDnsLabel } from "../validation/names.ts";
import { formatWarnings } from "./format-warnings.ts";
import { networkWarnings } from "./network-warnings.ts";
import { podWarnings } from "./pod-warnings.ts";
import { claimSpecWarnings, storageWarnings } from "./storage-warnings.ts";

/** Kinds whose names become those of pods and hosts. */
const namesPods: ReadonlySet<string> = new Set([
  "/pods",
  "/replicationcontrollers",
  "apps/replicasets",
  "apps/deployments",
  "batch/jobs",
  "batch/cronjobs",
]);

/** What is advised about an object; `old` is what it replaces. */
export function writeWarnings(
  { collection }: ServedType,
  object: KubernetesObject,
  old?: KubernetesObject,
): string[] {
  if (collection === "apiextensions.k8s.io/customresourcedefinitions") return formatWarnings(object, old);
  const others = networkWarnings[collection] ?? storageWarnings[collection];
  if (others) return others(object, old);
  const path = podTemplates[collection];
  if (!path) return [];
  return [
    ...(old || !namesPods.has(collection) ? [] : nameWarnings(collection, object)),
    ...(old && !changesTemplate(collection, object, old) ? [] : jobWarnings(collection, object)),
    ...templateWarnings(collection, object, old),
    ...(collection === "apps/statefulsets" ? statefulSetWarnings(object, old) : []),
  ];
}

function nameWarnings(collection: string, { metadata }: KubernetesObject): string[] {
  const wrong = checkDnsLabel(metadata.name);
  if (wrong.length === 0) return [];
  const use = collection === "/pods" ? "the Pod's hostname" : "Pod names and hostnames";
  return [
    `metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${wrong.join(" ")}]`,
  ];
}

function templateWarnings(collection: string, object: KubernetesObject, old?: KubernetesObject): string[] {
  const path = podTemplates[collection] ?? [];
  if (old && !changesTemplate(collection, object, old)) return [];
  // Of a ReplicationController that is updated the server looks at the old template.
  const subject = old && collection === "/replicationcontrollers" ? old : object;
  return podWarnings(objectAt(subject, ...path), path.join("."));
}

/** Whether an update makes the server look at the template again. */
function changesTemplate(collection: string, object: KubernetesObject, old: KubernetesObject): boolean {
  if (collection === "/pods") return false;
  const count = ({ metadata }: KubernetesObject) =>
    collection === "apps/daemonsets"
      ? metadata.annotations?.["deprecated.daemonset.template.generation"]
      : metadata.generation;
  return count(object) !== count(old);
}

const SOFT_COMPLETIONS = 100_000;
const SOFT_PARALLELISM = 10_000;

function jobWarnings(collection: string, object: KubernetesObject): string[] {
  if (!collection.startsWith("batch/")) return [];
  const path = (podTemplates[collection] ?? []).slice(0, -1);
  const spec = objectAt(object, ...path);
  if (textAt(spec, "completionMode") !== "Indexed") return [];
  const [completions = 0, parallelism = 0] = ["completions", "parallelism"].map((name) =>
    numberAt(spec, name),
  );
  if (completions <= SOFT_COMPLETIONS || parallelism <= SOFT_PARALLELISM) return [];
  return [
    `${path.join(".")}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
  ];
}

function statefulSetWarnings(object: KubernetesObject, old?: KubernetesObject): string[] {
  const warnings = objectsAt(object, "spec", "volumeClaimTemplates").flatMap((claim, index) =>
    claimSpecWarnings(objectAt(claim, "spec"), `spec.volumeClaimTemplates[${index}]${old ? ".Spec" : ""}`),
  );
  if ((numberAt(object, "spec", "revisionHistoryLimit") ?? 0) < 0) {
    warnings.push(
      "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
    );
  }
  return warnings;
}
