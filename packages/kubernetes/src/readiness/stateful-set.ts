import { mapAt, numberAt, textAt } from "./fields.ts";
import { pending, type ReadinessRule, ready } from "./readiness.ts";

/** apps/StatefulSet: kstatus's rule. It never fails by itself. */
export const statefulSetReadiness: ReadinessRule = (object) => {
  const spec = mapAt(object, "spec");
  const status = mapAt(object, "status");
  const strategy = mapAt(spec, "updateStrategy");
  if (strategy.type === "OnDelete") return ready("pods are replaced when they are deleted (OnDelete)");
  const wanted = numberAt(spec, "replicas", 1);
  const replicas = numberAt(status, "replicas", 0);
  const readyReplicas = numberAt(status, "readyReplicas", 0);
  const updated = numberAt(status, "updatedReplicas", 0);
  const current = numberAt(status, "currentReplicas", 0);
  if (wanted > replicas) return pending(`${replicas} of ${wanted} replicas exist`);
  if (wanted > readyReplicas) return pending(`${readyReplicas} of ${wanted} replicas are ready`);
  if (replicas > wanted) return pending(`${replicas - wanted} replicas are to go`);
  const partition = numberAt(mapAt(strategy, "rollingUpdate"), "partition", -1);
  if (partition >= 0) {
    if (updated < wanted - partition)
      return pending(`${updated} of ${wanted - partition} replicas are updated`);
    return ready(`${readyReplicas} of ${wanted} replicas are ready`);
  }
  if (wanted > current) return pending(`${current} of ${wanted} replicas are of the current revision`);
  if (textAt(status, "currentRevision") !== textAt(status, "updateRevision")) {
    return pending("the update revision is not the current one yet");
  }
  return ready(`${readyReplicas} of ${wanted} replicas are ready`);
};
