// The ReplicaSet controller: as many pods of one template as asked for (pkg/controller/replicaset).
import { isApiError } from "@slipway/kubernetes";
import { claimObjects } from "../claim.ts";
import { removeCondition, setCondition } from "../conditions.ts";
import type { Pod } from "../kinds/pod.ts";
import type { ReplicaSet, ReplicaSetStatus } from "../kinds/workload.ts";
import {
  compareForRemoval,
  conditionOf,
  generateNamePrefix,
  isPodActive,
  isPodAvailable,
  isPodReady,
  podFromTemplate,
} from "../pods.ts";
import { PODS, REPLICA_SETS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerOf, keyOf, splitKey } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { formatTime } from "../runtime/time.ts";
import { matchesSelector } from "../selectors.ts";
import { startSlowly } from "../slow-start.ts";
import { canonicalJson } from "../template-hash.ts";
import { replicasOf } from "./rolling-update.ts";

/** Pods made or deleted in one go, at most. */
const BURST = 500;

/** Why pods could not be made or deleted this time. */
interface Failure {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly error: Error;
}

/** Starts the ReplicaSet controller. Left out: the deletion cost annotation and spreading over nodes. */
export function startReplicaSetController(environment: Environment): void {
  const { caches, clock } = environment;
  const replicaSets = caches.follow<ReplicaSet>(REPLICA_SETS);
  const pods = caches.follow<Pod>(PODS);

  const controller = runController(environment, {
    name: "replicaset-controller",
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const set = replicaSets.get(name, namespace);
      if (!set) return;
      const claimed = await claimObjects(pods, set, { selector: set.spec.selector, write: tools.write });
      const active = claimed.filter(isPodActive);
      const failure = set.metadata.deletionTimestamp ? undefined : await adjust(set, active, tools);
      const terminating = claimed.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length;
      const status = statusOf(set, { active, terminating, failure, now: clock.now() });
      if (canonicalJson(status) !== canonicalJson(set.status ?? {})) {
        await tools.write.updateStatus(REPLICA_SETS, { ...set, status });
      }
      if (failure) throw failure.error;
      const minReadySeconds = set.spec.minReadySeconds ?? 0;
      if (minReadySeconds > 0 && status.readyReplicas !== status.availableReplicas) {
        tools.enqueue(key, minReadySeconds * 1000);
      }
    },
  });
  controller.watch(replicaSets, (set) => [keyOf(set)]);
  controller.watch(pods, (pod) => {
    const owner = controllerOf(pod);
    if (owner) return owner.kind === "ReplicaSet" ? [`${pod.metadata.namespace}/${owner.name}`] : [];
    return replicaSets
      .list(pod.metadata.namespace)
      .filter((set) => matchesSelector(set.spec.selector, pod.metadata.labels))
      .map(keyOf);
  });
}

/** Makes or deletes pods until there are as many as wanted; returns what stood in the way. */
async function adjust(
  set: ReplicaSet,
  active: readonly Pod[],
  { write, record }: ControllerTools,
): Promise<Failure | undefined> {
  const missing = replicasOf(set) - active.length;
  if (missing > 0) {
    const { error } = await startSlowly(Math.min(missing, BURST), async () => {
      const draft = podFromTemplate(set.spec.template, set, generateNamePrefix(set.metadata.name));
      try {
        const pod = await write.create(PODS, draft);
        record(set, {
          type: "Normal",
          reason: "SuccessfulCreate",
          message: `Created pod: ${pod.metadata.name}`,
        });
      } catch (refused) {
        // In a namespace that is going away nothing new is wanted.
        if (isNamespaceTerminating(refused)) return;
        if (isApiError(refused)) {
          record(set, {
            type: "Warning",
            reason: "FailedCreate",
            message: `Error creating: ${refused.message}`,
          });
        }
        throw refused;
      }
    });
    return error instanceof Error ? { reason: "FailedCreate", error } : undefined;
  }
  const surplus = [...active].sort(compareForRemoval).slice(0, Math.min(-missing, BURST));
  for (const pod of surplus) {
    try {
      await write.delete(PODS, pod);
      record(set, {
        type: "Normal",
        reason: "SuccessfulDelete",
        message: `Deleted pod: ${pod.metadata.name}`,
      });
    } catch (error) {
      if (!isApiError(error)) throw error;
      record(set, { type: "Warning", reason: "FailedDelete", message: `Error deleting: ${error.message}` });
      return { reason: "FailedDelete", error };
    }
  }
  return undefined;
}

/** The status of a ReplicaSet from its pods. */
export function statusOf(
  set: ReplicaSet,
  seen: {
    readonly active: readonly Pod[];
    readonly terminating: number;
    readonly failure: Failure | undefined;
    readonly now: number;
  },
): ReplicaSetStatus {
  const { active, terminating, failure, now } = seen;
  const templateLabels = set.spec.template.metadata?.labels ?? {};
  const labelled = active.filter((pod) =>
    matchesSelector({ matchLabels: templateLabels }, pod.metadata.labels),
  );
  const ready = active.filter(isPodReady);
  const available = ready.filter((pod) => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now));
  let conditions = set.status?.conditions ?? [];
  if (failure && !conditionOf(set.status, "ReplicaFailure")) {
    conditions = setCondition(conditions, {
      type: "ReplicaFailure",
      status: "True",
      lastTransitionTime: formatTime(now),
      reason: failure.reason,
      message: failure.error.message,
    });
  } else if (!failure) conditions = removeCondition(conditions, "ReplicaFailure");
  return {
    replicas: active.length,
    ...(labelled.length > 0 ? { fullyLabeledReplicas: labelled.length } : {}),
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    ...(available.length > 0 ? { availableReplicas: available.length } : {}),
    terminatingReplicas: terminating,
    observedGeneration: set.metadata.generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

/** A refusal because the namespace is being deleted (`details.causes` says so). */
export function isNamespaceTerminating(error: unknown): boolean {
  return isApiError(error, 403) && JSON.stringify(error.status).includes('"NamespaceTerminating"');
}
