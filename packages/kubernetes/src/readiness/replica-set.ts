import { condition, mapAt, numberAt } from "./fields.ts";
import { pending, type ReadinessRule, ready } from "./readiness.ts";

/** apps/ReplicaSet: kstatus's rule. */
export const replicaSetReadiness: ReadinessRule = (object) => {
  const status = mapAt(object, "status");
  const failure = condition(object, "ReplicaFailure");
  if (failure?.status === "True") return pending(`pods are refused: ${failure.message}`);
  const wanted = numberAt(mapAt(object, "spec"), "replicas", 1);
  const counts: [string, string][] = [
    ["fullyLabeledReplicas", "are labelled"],
    ["availableReplicas", "are available"],
    ["readyReplicas", "are ready"],
  ];
  for (const [field, clause] of counts) {
    const count = numberAt(status, field, 0);
    if (wanted > count) return pending(`${count} of ${wanted} replicas ${clause}`);
  }
  const replicas = numberAt(status, "replicas", 0);
  if (replicas > wanted) return pending(`${replicas - wanted} replicas are to go`);
  return ready(`${wanted} of ${wanted} replicas are ready`);
};
