// The StatefulSet controller: pods with names, one after the other (pkg/controller/statefulset).
import { isApiError } from "@slipway/kubernetes";
import { claimObjects } from "../claim.ts";
import type { PersistentVolumeClaim } from "../kinds/cluster.ts";
import type { Pod } from "../kinds/pod.ts";
import type { ControllerRevision, StatefulSet, StatefulSetStatus } from "../kinds/workload.ts";
import { isPodAvailable, isPodFinished, isPodReady } from "../pods.ts";
import { CONTROLLER_REVISIONS, PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerOf, keyOf, splitKey } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { canonicalJson } from "../template-hash.ts";
import { ensureRevision, forgetRevisions } from "./revisions.ts";
import { replicasOf } from "./rolling-update.ts";
import { buildClaims, buildPod, ordinalOf, REVISION_LABEL } from "./stateful-set-pods.ts";

/** The two templates between which a StatefulSet rolls. */
interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
}

/**
 * Starts the StatefulSet controller: ordered or parallel start and stop, claims from templates, rolling update
 * with a partition. Left out: maxUnavailable above one, deletion of
 * claims when the set is scaled down.
 */
export function startStatefulSetController(environment: Environment): void {
  const { caches, clock } = environment;
  const sets = caches.follow<StatefulSet>(STATEFUL_SETS);
  const pods = caches.follow<Pod>(PODS);
  const claims = caches.follow<PersistentVolumeClaim>(PERSISTENT_VOLUME_CLAIMS);
  const revisions = caches.follow<ControllerRevision>(CONTROLLER_REVISIONS);

  const controller = runController(environment, {
    name: "statefulset-controller",
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const set = sets.get(name, namespace);
      if (!set || set.metadata.deletionTimestamp) return;
      const { write } = tools;
      const owned = await claimObjects(pods, set, { selector: set.spec.selector, write });
      const hashLabel = "controller.kubernetes.io/hash";
      const { current: update, all } = await ensureRevision(set, { cache: revisions, write, hashLabel });
      const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
      await step(set, owned, { current, update }, tools);
      const status = statefulSetStatus(set, owned, { current, update }, clock.now());
      if (canonicalJson(status) !== canonicalJson(set.status ?? {})) {
        await write.updateStatus(STATEFUL_SETS, { ...set, status });
      }
      const labels = new Set(owned.map((pod) => pod.metadata.labels?.[REVISION_LABEL]));
      await forgetRevisions(set, {
        all,
        inUse: (revision) =>
          revision === current || revision === update || labels.has(revision.metadata.name),
        write,
      });
      const minReadySeconds = set.spec.minReadySeconds ?? 0;
      if (minReadySeconds > 0 && status.readyReplicas !== status.availableReplicas) {
        tools.enqueue(key, minReadySeconds * 1000);
      }
    },
  });
  controller.watch(sets, (set) => [keyOf(set)]);
  controller.watch(pods, (pod) => {
    const owner = controllerOf(pod);
    return owner?.kind === "StatefulSet" ? [`${pod.metadata.namespace}/${owner.name}`] : [];
  });

  /** Does what can be done next; with ordered pods that is one thing at a time. */
  async function step(
    set: StatefulSet,
    owned: readonly Pod[],
    revisionPair: Revisions,
    tools: ControllerTools,
  ): Promise<void> {
    const ordered = set.spec.podManagementPolicy !== "Parallel";
    const start = set.spec.ordinals?.start ?? 0;
    const end = start + replicasOf(set);
    const byOrdinal = new Map(owned.map((pod) => [ordinalOf(pod), pod]));
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const healthy = (pod: Pod | undefined): boolean =>
      pod !== undefined &&
      !pod.metadata.deletionTimestamp &&
      isPodAvailable(pod, minReadySeconds, clock.now());

    for (let ordinal = start; ordinal < end; ordinal += 1) {
      const pod = byOrdinal.get(ordinal);
      if (!pod) await createPod(set, ordinal, revisionPair, tools);
      else if (isPodFinished(pod) && !pod.metadata.deletionTimestamp) await removePod(set, pod, tools);
      if (ordered && !healthy(pod)) return;
    }
    const condemned = owned
      .filter((pod) => ordinalOf(pod) < start || ordinalOf(pod) >= end)
      .sort((a, b) => ordinalOf(b) - ordinalOf(a));
    for (const pod of condemned) {
      if (!pod.metadata.deletionTimestamp) await removePod(set, pod, tools);
      if (ordered) return;
    }
    if (set.spec.updateStrategy?.type === "OnDelete") return;
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (let ordinal = end - 1; ordinal >= start + partition; ordinal -= 1) {
      const pod = byOrdinal.get(ordinal);
      const outdated = pod && pod.metadata.labels?.[REVISION_LABEL] !== revisionPair.update.metadata.name;
      if (outdated && !pod.metadata.deletionTimestamp) {
        await removePod(set, pod, tools);
        return;
      }
      if (!healthy(pod)) return;
    }
  }

  async function createPod(
    set: StatefulSet,
    ordinal: number,
    { current, update }: Revisions,
    { write, record }: ControllerTools,
  ): Promise<void> {
    const start = set.spec.ordinals?.start ?? 0;
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    const pod = buildPod(set, ordinal, ordinal < start + partition ? current : update);
    const { name } = set.metadata;
    try {
      for (const claim of buildClaims(set, ordinal)) {
        if (claims.get(claim.metadata.name, claim.metadata.namespace)) continue;
        await write.create(PERSISTENT_VOLUME_CLAIMS, claim);
        const message = `Create Claim ${claim.metadata.name} Pod ${pod.metadata.name} in StatefulSet ${name} success`;
        record(set, { type: "Normal", reason: "SuccessfulCreate", message });
      }
      await write.create(PODS, pod);
      const message = `Create Pod ${pod.metadata.name} in StatefulSet ${name} successful`;
      record(set, { type: "Normal", reason: "SuccessfulCreate", message });
    } catch (error) {
      if (isApiError(error)) {
        const message = `Create Pod ${pod.metadata.name} in StatefulSet ${name} failed error: ${error.message}`;
        record(set, { type: "Warning", reason: "FailedCreate", message });
      }
      throw error;
    }
  }
}

async function removePod(set: StatefulSet, pod: Pod, { write, record }: ControllerTools): Promise<void> {
  await write.delete(PODS, pod);
  const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  record(set, { type: "Normal", reason: "SuccessfulDelete", message });
}

/** The status of a StatefulSet from its pods. */
export function statefulSetStatus(
  set: StatefulSet,
  owned: readonly Pod[],
  { current, update }: Revisions,
  now: number,
): StatefulSetStatus {
  const staying = owned.filter((pod) => !pod.metadata.deletionTimestamp);
  const ready = staying.filter(isPodReady);
  const available = ready.filter((pod) => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now));
  const of = (revision: ControllerRevision): number =>
    staying.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision.metadata.name).length;
  const updated = of(update);
  const done = updated === owned.length && ready.length === owned.length && owned.length === replicasOf(set);
  const currentRevision = done ? update : current;
  const counts = {
    readyReplicas: ready.length,
    currentReplicas: of(currentRevision),
    updatedReplicas: updated,
  };
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: owned.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    currentRevision: currentRevision.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: 0,
    availableReplicas: available.length,
  };
}
