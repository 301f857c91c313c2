// Which pods a ResourceQuota with scopes is about (kubernetes pkg/quota/v1/evaluator/core/pods.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import { qosClassOf } from "../builtin/strategy/qos-class.ts";
import { numberAt, objectsAt, textAt, textsAt, valueAt } from "./read-json.ts";

/** Whether the quota names scopes; it then counts nothing but pods. */
export function hasScopes(quota: KubernetesObject): boolean {
  return textsAt(quota, "spec", "scopes").length > 0 || scopeExpressions(quota).length > 0;
}

/** Whether a pod is in every scope of the quota. */
export function isInScopes(quota: KubernetesObject, pod: KubernetesObject): boolean {
  const plain = textsAt(quota, "spec", "scopes").every((scope) => isInScope(scope, pod));
  return plain && scopeExpressions(quota).every((expression) => meets(expression, pod));
}

function scopeExpressions(quota: KubernetesObject) {
  return objectsAt(quota, "spec", "scopeSelector", "matchExpressions");
}

function meets(expression: ReturnType<typeof scopeExpressions>[number], pod: KubernetesObject): boolean {
  const scope = textAt(expression, "scopeName") ?? "";
  if (scope !== "PriorityClass") return isInScope(scope, pod);
  const name = textAt(pod, "spec", "priorityClassName");
  const values = textsAt(expression, "values");
  switch (textAt(expression, "operator")) {
    case "In":
      return name !== undefined && values.includes(name);
    case "NotIn":
      return name === undefined || !values.includes(name);
    case "DoesNotExist":
      return name === undefined;
    default:
      return name !== undefined;
  }
}

function isInScope(scope: string, pod: KubernetesObject): boolean {
  switch (scope) {
    case "Terminating":
      return isTerminating(pod);
    case "NotTerminating":
      return !isTerminating(pod);
    case "BestEffort":
      return qosClassOf(pod) === "BestEffort";
    case "NotBestEffort":
      return qosClassOf(pod) !== "BestEffort";
    case "PriorityClass":
      return textAt(pod, "spec", "priorityClassName") !== undefined;
    case "CrossNamespacePodAffinity":
      return looksIntoOtherNamespaces(pod);
    default:
      return false;
  }
}

function isTerminating(pod: KubernetesObject): boolean {
  return (numberAt(pod, "spec", "activeDeadlineSeconds") ?? -1) >= 0;
}

function looksIntoOtherNamespaces(pod: KubernetesObject): boolean {
  return ["podAffinity", "podAntiAffinity"].some((kind) => {
    const affinity = ["spec", "affinity", kind];
    const terms = [
      ...objectsAt(pod, ...affinity, "requiredDuringSchedulingIgnoredDuringExecution"),
      ...objectsAt(pod, ...affinity, "preferredDuringSchedulingIgnoredDuringExecution").map(
        (term) => valueAt(term, "podAffinityTerm") ?? {},
      ),
    ];
    return terms.some(
      (term) => textsAt(term, "namespaces").length > 0 || valueAt(term, "namespaceSelector") !== undefined,
    );
  });
}
