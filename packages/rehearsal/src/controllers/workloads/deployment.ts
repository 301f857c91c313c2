// The Deployment controller: ReplicaSets by template, rolled from one to the next
// (k8s.io/kubernetes pkg/controller/deployment).
import { isApiError } from "@slipway/kubernetes";
import { claimObjects } from "../claim.ts";
import { setCondition } from "../conditions.ts";
import type { Pod } from "../kinds/pod.ts";
import type { Deployment, ReplicaSet } from "../kinds/workload.ts";
import { conditionOf, isPodFinished } from "../pods.ts";
import { DEPLOYMENTS, PODS, REPLICA_SETS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerOf, keyOf, splitKey, uidOf } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { canonicalJson } from "../template-hash.ts";
import {
  countStatus,
  deadlineAfter,
  hasDeadline,
  isComplete,
  progressing,
  type Rollout,
  rolloutStatus,
} from "./deployment-status.ts";
import {
  buildReplicaSet,
  findNewSet,
  REVISION,
  refreshReplicaSet,
  revisionOf,
  scaleReplicaSet,
  wasResized,
} from "./replica-sets.ts";
import {
  byAge,
  planNewReplicas,
  planOldReplicas,
  planProportionalScale,
  replicasOf,
} from "./rolling-update.ts";

/**
 * Starts the Deployment controller. It rolls and recreates, scales, pauses, keeps revisions, reports progress
 * and its deadline. Left out: rollback by annotation (extensions/v1beta1).
 */
export function startDeploymentController(environment: Environment): void {
  const { caches, clock } = environment;
  const deployments = caches.follow<Deployment>(DEPLOYMENTS);
  const replicaSets = caches.follow<ReplicaSet>(REPLICA_SETS);
  const pods = caches.follow<Pod>(PODS);

  const controller = runController(environment, {
    name: "deployment-controller",
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const deployment = deployments.get(name, namespace);
      if (!deployment) return;
      const { selector } = deployment.spec;
      const sets = await claimObjects(replicaSets, deployment, { selector, write: tools.write });
      if (deployment.metadata.deletionTimestamp) return;
      const newSet = findNewSet(deployment, sets);
      const rollout = { newSet, oldSets: sets.filter((set) => set !== newSet) };
      await roll(deployment, rollout, tools);
    },
  });
  controller.watch(deployments, (deployment) => [keyOf(deployment)]);
  controller.watch(replicaSets, (set) => ownerKeys(set));
  controller.watch(pods, (pod, change) => {
    // A Deployment that recreates waits for its old pods to be gone.
    const set = change.type === "deleted" ? replicaSetOf(pod) : undefined;
    return set ? ownerKeys(set) : [];
  });

  function replicaSetOf(pod: Pod): ReplicaSet | undefined {
    const owner = controllerOf(pod);
    return owner?.kind === "ReplicaSet" ? replicaSets.get(owner.name, pod.metadata.namespace) : undefined;
  }

  async function roll(deployment: Deployment, rollout: Rollout, tools: ControllerTools): Promise<void> {
    const sets = rollout.newSet ? [rollout.newSet, ...rollout.oldSets] : rollout.oldSets;
    const paused = deployment.spec.paused === true;
    if (await notePause(deployment, paused, tools)) return;
    if (paused || sets.some((set) => wasResized(deployment, set))) {
      for (const { set, replicas } of planProportionalScale(deployment, rollout.newSet, rollout.oldSets)) {
        await scale(deployment, set, replicas, tools);
      }
      return writeStatus(deployment, countStatus(deployment, rollout, clock.now()), tools);
    }
    if (deployment.spec.strategy?.type === "Recreate") return recreate(deployment, rollout, tools);

    const current = await ensureNewSet(deployment, rollout, tools);
    if (!current) return;
    const { newSet, oldSets } = current;
    const noted = current.deployment;
    const replicas = planNewReplicas(deployment, [newSet, ...oldSets], newSet);
    if (replicas !== replicasOf(newSet)) {
      await scale(noted, newSet, replicas, tools);
      return writeRollout(noted, current, tools);
    }
    for (const step of planOldReplicas(deployment, newSet, oldSets)) {
      await scale(noted, step.set, step.replicas, tools);
    }
    await forgetOldSets(noted, current, tools);
    return writeRollout(noted, current, tools);
  }

  async function recreate(deployment: Deployment, rollout: Rollout, tools: ControllerTools): Promise<void> {
    const active = rollout.oldSets.filter((set) => replicasOf(set) > 0);
    for (const set of active) await scale(deployment, set, 0, tools);
    const oldPods = rollout.oldSets.flatMap((set) => pods.ownedBy(uidOf(set)));
    if (active.length > 0 || oldPods.some((pod) => !isPodFinished(pod))) {
      return writeRollout(deployment, rollout, tools);
    }
    const current = await ensureNewSet(deployment, rollout, tools);
    if (!current) return;
    await scale(deployment, current.newSet, replicasOf(deployment), tools);
    await forgetOldSets(current.deployment, current, tools);
    return writeRollout(current.deployment, current, tools);
  }

  /**
   * The rollout with a new ReplicaSet in it, and the Deployment as it is after noting that; `undefined` when a
   * ReplicaSet was written that has to be seen first.
   */
  async function ensureNewSet(
    deployment: Deployment,
    { newSet, oldSets }: Rollout,
    tools: ControllerTools,
  ): Promise<{ deployment: Deployment; newSet: ReplicaSet; oldSets: readonly ReplicaSet[] } | undefined> {
    const revision = Math.max(0, ...oldSets.map(revisionOf)) + 1;
    if (newSet) {
      const refreshed = refreshReplicaSet(deployment, newSet, revision);
      if (refreshed !== newSet) {
        await tools.write.update(REPLICA_SETS, refreshed);
        return undefined;
      }
      const found = `Found new replica set "${newSet.metadata.name}"`;
      const noted = await noteRevision(deployment, newSet, "FoundNewReplicaSet", found, tools);
      return { deployment: noted, newSet, oldSets };
    }
    const draft = buildReplicaSet(deployment, { replicas: 0, revision });
    draft.spec.replicas = planNewReplicas(deployment, oldSets, undefined);
    try {
      const created = await tools.write.create(REPLICA_SETS, draft);
      if (replicasOf(draft) > 0) {
        tools.record(deployment, {
          type: "Normal",
          reason: "ScalingReplicaSet",
          message: `Scaled up replica set ${created.metadata.name} from 0 to ${replicasOf(draft)}`,
        });
      }
      const made = `Created new replica set "${created.metadata.name}"`;
      await noteRevision(deployment, created, "NewReplicaSetCreated", made, tools);
      return undefined;
    } catch (error) {
      if (isApiError(error, 409) && error.reason === "AlreadyExists") {
        await noteCollision(deployment, draft, tools);
        return undefined;
      }
      if (!isApiError(error)) throw error;
      const failed = `Failed to create new replica set "${draft.metadata.name}": ${error.message}`;
      const condition = progressing(clock.now(), "False", "ReplicaSetCreateError", failed);
      await writeConditions(deployment, condition, tools);
      throw error;
    }
  }

  /** A ReplicaSet of that name is there: another template of the same hash, unless it is ours and not seen yet. */
  async function noteCollision(
    deployment: Deployment,
    draft: ReplicaSet,
    tools: ControllerTools,
  ): Promise<void> {
    const other = await environment.client.get(REPLICA_SETS, draft.metadata);
    if (controllerOf(other)?.uid === uidOf(deployment) && findNewSet(deployment, [other as ReplicaSet])) {
      tools.enqueue(keyOf(deployment));
      return;
    }
    const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
    await tools.write.updateStatus(DEPLOYMENTS, {
      ...deployment,
      status: { ...deployment.status, collisionCount },
    });
  }

  /** The Deployment with the new ReplicaSet's revision and the first progress on it, written if that is news. */
  async function noteRevision(
    deployment: Deployment,
    newSet: ReplicaSet,
    reason: string,
    message: string,
    tools: ControllerTools,
  ): Promise<Deployment> {
    const revision = String(revisionOf(newSet));
    const known = deployment.metadata.annotations?.[REVISION] === revision;
    const started = !hasDeadline(deployment) || conditionOf(deployment.status, "Progressing") !== undefined;
    const fresh = reason === "NewReplicaSetCreated" && hasDeadline(deployment);
    if (known && started && !fresh) return deployment;
    const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
    const condition = progressing(clock.now(), "True", reason, message);
    const conditions =
      fresh || !started
        ? setCondition(deployment.status?.conditions, condition)
        : (deployment.status?.conditions ?? []);
    return tools.write.updateStatus(DEPLOYMENTS, {
      ...deployment,
      metadata: { ...deployment.metadata, annotations },
      status: { ...deployment.status, conditions },
    });
  }

  /** Shows in the progress condition that the Deployment was paused or resumed; true when that was news. */
  async function notePause(
    deployment: Deployment,
    paused: boolean,
    tools: ControllerTools,
  ): Promise<boolean> {
    const current = conditionOf(deployment.status, "Progressing");
    if (!hasDeadline(deployment) || current?.reason === "ProgressDeadlineExceeded") return false;
    const known = current?.reason === "DeploymentPaused";
    if (paused === known) return false;
    const condition = paused
      ? progressing(clock.now(), "Unknown", "DeploymentPaused", "Deployment is paused")
      : progressing(clock.now(), "Unknown", "DeploymentResumed", "Deployment is resumed");
    await writeConditions(deployment, condition, tools);
    return true;
  }

  async function writeConditions(
    deployment: Deployment,
    condition: ReturnType<typeof progressing>,
    tools: ControllerTools,
  ): Promise<void> {
    const conditions = setCondition(deployment.status?.conditions, condition);
    await writeStatus(deployment, { ...deployment.status, conditions }, tools);
  }

  async function scale(
    deployment: Deployment,
    set: ReplicaSet,
    replicas: number,
    { write, record }: ControllerTools,
  ): Promise<void> {
    const scaled = scaleReplicaSet(deployment, set, replicas);
    if (scaled === set) return;
    const before = replicasOf(set);
    await write.update(REPLICA_SETS, scaled);
    if (before === replicas) return;
    const direction = replicas > before ? "up" : "down";
    record(deployment, {
      type: "Normal",
      reason: "ScalingReplicaSet",
      message: `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`,
    });
  }

  /** Deletes old ReplicaSets beyond the history limit once the rollout is complete. */
  async function forgetOldSets(
    deployment: Deployment,
    { oldSets }: Rollout,
    { write }: ControllerTools,
  ): Promise<void> {
    if (!isComplete(deployment, deployment.status ?? {})) return;
    const idle = oldSets.filter(
      (set) => replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0 && !set.metadata.deletionTimestamp,
    );
    const surplus = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
    for (const set of idle
      .sort((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b))
      .slice(0, Math.max(0, surplus))) {
      await write.delete(REPLICA_SETS, set);
    }
  }

  async function writeRollout(
    deployment: Deployment,
    rollout: Rollout,
    tools: ControllerTools,
  ): Promise<void> {
    const now = clock.now();
    const status = rolloutStatus(deployment, rollout, now);
    await writeStatus(deployment, status, tools);
    const wait = deadlineAfter(deployment, status, now);
    if (wait !== undefined) tools.enqueue(keyOf(deployment), wait);
  }

  async function writeStatus(
    deployment: Deployment,
    status: Deployment["status"],
    { write }: ControllerTools,
  ): Promise<void> {
    if (canonicalJson(status) === canonicalJson(deployment.status ?? {})) return;
    await write.updateStatus(DEPLOYMENTS, { ...deployment, ...(status ? { status } : {}) });
  }
}

function ownerKeys(set: ReplicaSet): string[] {
  const owner = controllerOf(set);
  return owner?.kind === "Deployment" ? [`${set.metadata.namespace}/${owner.name}`] : [];
}
