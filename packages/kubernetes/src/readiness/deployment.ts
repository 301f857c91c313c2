import { condition, mapAt, numberAt } from "./fields.ts";
import { failed, pending, type ReadinessRule, ready } from "./readiness.ts";

const noDeadline = 2 ** 31 - 1;

/** apps/Deployment: kstatus's rule (cli-utils, pkg/kstatus/status/core.go). */
export const deploymentReadiness: ReadinessRule = (object) => {
  const spec = mapAt(object, "spec");
  const status = mapAt(object, "status");
  const progressing = condition(object, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return failed(`the rollout made no progress in time: ${progressing.message}`);
  }
  const wanted = numberAt(spec, "replicas", 1);
  const replicas = numberAt(status, "replicas", 0);
  const updated = numberAt(status, "updatedReplicas", 0);
  const available = numberAt(status, "availableReplicas", 0);
  const readyReplicas = numberAt(status, "readyReplicas", 0);
  const failure = condition(object, "ReplicaFailure");
  if (failure?.status === "True" && wanted > replicas) return pending(`pods are refused: ${failure.message}`);
  if (wanted > replicas) return pending(`${replicas} of ${wanted} replicas exist`);
  if (wanted > updated) return pending(`${updated} of ${wanted} replicas are of the new revision`);
  if (replicas > wanted) return pending(`${replicas - wanted} old replicas are to go`);
  if (updated > available) return pending(`${available} of ${updated} replicas are available`);
  if (wanted > readyReplicas) return pending(`${readyReplicas} of ${wanted} replicas are ready`);
  const deadline = numberAt(spec, "progressDeadlineSeconds", noDeadline);
  const rolledOut = progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable";
  if (deadline !== noDeadline && !rolledOut) return pending("the new ReplicaSet is not available yet");
  if (condition(object, "Available")?.status !== "True")
    return pending("the Deployment is not available yet");
  return ready(`${replicas} of ${wanted} replicas are available`);
};
