// A new pod's labels in the selectors that ask for its own values (kubernetes pkg/registry/core/pod mutatePodAffinity
// and mutateTopologySpreadConstraints).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textsAt } from "../../admission/read-json.ts";

const hard = "requiredDuringSchedulingIgnoredDuringExecution";
const soft = "preferredDuringSchedulingIgnoredDuringExecution";

/** Adds to a new pod's selectors what its label keys stand for; changes the pod. */
export function selectByLabelKeys(pod: KubernetesObject): void {
  const labels = pod.metadata.labels ?? {};
  const affinity = objectAt(pod, "spec", "affinity");
  const terms = ["podAffinity", "podAntiAffinity"].flatMap((kind) => [
    ...objectsAt(affinity, kind, soft).map((entry) => objectAt(entry, "podAffinityTerm")),
    ...objectsAt(affinity, kind, hard),
  ]);
  for (const term of [...terms, ...objectsAt(pod, "spec", "topologySpreadConstraints")]) {
    extendSelector(term, labels);
  }
}

function extendSelector(term: JsonObject, labels: Readonly<Record<string, string>>): void {
  const selector = term.labelSelector;
  if (!isJsonObject(selector)) return;
  const requirements = (field: string, operator: string): Json[] =>
    textsAt(term, field).flatMap((key) => {
      const value = labels[key];
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  const added = [...requirements("matchLabelKeys", "In"), ...requirements("mismatchLabelKeys", "NotIn")];
  if (added.length === 0) return;
  term.labelSelector = {
    ...selector,
    matchExpressions: [...objectsAt(selector, "matchExpressions"), ...added],
  };
}
