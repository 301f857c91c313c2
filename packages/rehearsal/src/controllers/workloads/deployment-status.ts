// The status of a Deployment from its ReplicaSets (pkg/controller/deployment: progress.go and sync.go).

import { removeCondition, setCondition } from "../conditions.ts";
import type { Condition } from "../kinds/meta.ts";
import type { Deployment, DeploymentStatus, ReplicaSet } from "../kinds/workload.ts";
import { conditionOf } from "../pods.ts";
import { formatTime, parseTime } from "../runtime/time.ts";
import { replicasOf, resolveLimits } from "./rolling-update.ts";

/** The ReplicaSets of a Deployment: the one of its present template, and the others. */
export interface Rollout {
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
}

const NO_DEADLINE = 2 ** 31 - 1;

/** The status as it should be now, apart from the progress condition. */
export function countStatus(deployment: Deployment, rollout: Rollout, now: number): DeploymentStatus {
  const sets = rollout.newSet ? [...rollout.oldSets, rollout.newSet] : rollout.oldSets;
  const sum = (field: "replicas" | "readyReplicas" | "availableReplicas" | "terminatingReplicas"): number =>
    sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
  const wanted = sets.reduce((total, set) => total + replicasOf(set), 0);
  const available = sum("availableReplicas");
  const enough = available >= replicasOf(deployment) - resolveLimits(deployment).maxUnavailable;
  const conditions = setCondition(
    deployment.status?.conditions,
    stamp(now, {
      type: "Available",
      status: enough ? "True" : "False",
      reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: enough
        ? "Deployment has minimum availability."
        : "Deployment does not have minimum availability.",
    }),
  );
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...present({
      replicas: sum("replicas"),
      updatedReplicas: rollout.newSet?.status?.replicas ?? 0,
      readyReplicas: sum("readyReplicas"),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, wanted - available),
    }),
    terminatingReplicas: sum("terminatingReplicas"),
    ...(deployment.status?.collisionCount ? { collisionCount: deployment.status.collisionCount } : {}),
    conditions,
  };
}

/** The whole status while a rollout is under way or done: counts, availability, progress and failures. */
export function rolloutStatus(deployment: Deployment, rollout: Rollout, now: number): DeploymentStatus {
  const status = countStatus(deployment, rollout, now);
  let conditions = status.conditions ?? [];
  const current = conditionOf(deployment.status, "Progressing");
  const done = status.replicas === status.updatedReplicas && current?.reason === "NewReplicaSetAvailable";
  if (!hasDeadline(deployment)) conditions = removeCondition(conditions, "Progressing");
  else if (!done) {
    const subject = rollout.newSet
      ? `ReplicaSet "${rollout.newSet.metadata.name}"`
      : `Deployment "${deployment.metadata.name}"`;
    if (isComplete(deployment, status)) {
      conditions = setCondition(
        conditions,
        progressing(now, "True", "NewReplicaSetAvailable", `${subject} has successfully progressed.`),
      );
    } else if (hasProgressed(deployment.status, status)) {
      const next = progressing(now, "True", "ReplicaSetUpdated", `${subject} is progressing.`);
      const since = current?.status === "True" ? current.lastTransitionTime : undefined;
      conditions = [
        ...removeCondition(conditions, "Progressing"),
        since ? { ...next, lastTransitionTime: since } : next,
      ];
    } else if (hasTimedOut(deployment, now)) {
      conditions = setCondition(
        conditions,
        progressing(now, "False", "ProgressDeadlineExceeded", `${subject} has timed out progressing.`),
      );
    }
  }
  const failure = failureOf(rollout);
  conditions = failure
    ? setCondition(conditions, stamp(now, failure))
    : removeCondition(conditions, "ReplicaFailure");
  return { ...status, conditions };
}

/** Everything is of the new template and available. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = replicasOf(deployment);
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** Milliseconds until the progress deadline has to be looked at; `undefined` when it does not run. */
export function deadlineAfter(
  deployment: Deployment,
  status: DeploymentStatus,
  now: number,
): number | undefined {
  const current = conditionOf(deployment.status, "Progressing");
  if (!hasDeadline(deployment) || !current || isComplete(deployment, status)) return undefined;
  if (current.reason === "ProgressDeadlineExceeded") return undefined;
  const since = parseTime(current.lastUpdateTime) ?? now;
  // The deadline has passed when it is exceeded, and times have whole seconds.
  return Math.max(1_000, since + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000 - now + 1_000);
}

export function hasDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== NO_DEADLINE;
}

/** A `Progressing` condition as of now. */
export function progressing(now: number, status: string, reason: string, message: string): Condition {
  return stamp(now, { type: "Progressing", status, reason, message });
}

function hasProgressed(before: DeploymentStatus = {}, after: DeploymentStatus): boolean {
  const count = (value: number | undefined): number => value ?? 0;
  const old = (status: DeploymentStatus): number => count(status.replicas) - count(status.updatedReplicas);
  return (
    count(after.updatedReplicas) !== count(before.updatedReplicas) ||
    old(after) < old(before) ||
    count(after.readyReplicas) > count(before.readyReplicas) ||
    count(after.availableReplicas) > count(before.availableReplicas)
  );
}

function hasTimedOut(deployment: Deployment, now: number): boolean {
  const current = conditionOf(deployment.status, "Progressing");
  if (!current || current.reason === "NewReplicaSetAvailable") return false;
  if (current.reason === "ProgressDeadlineExceeded") return true;
  const since = parseTime(current.lastUpdateTime);
  return since !== undefined && since + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000 < now;
}

function failureOf({ newSet, oldSets }: Rollout): Condition | undefined {
  for (const set of newSet ? [newSet, ...oldSets] : oldSets) {
    const failure = conditionOf(set.status, "ReplicaFailure");
    if (failure) {
      const { type, status, reason = "", message = "" } = failure;
      return { type, status, reason, message };
    }
  }
  return undefined;
}

function stamp(now: number, condition: Condition): Condition {
  const { type, status, reason = "", message = "" } = condition;
  const time = formatTime(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/** Counts of zero are left out, as the API does. */
function present(counts: DeploymentStatus): DeploymentStatus {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
