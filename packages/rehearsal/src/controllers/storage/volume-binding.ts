// PersistentVolumeClaims, their volumes, and who makes them (pkg/controller/volume/persistentvolume, and an
// external provisioner).
import { isApiError } from "@slipway/kubernetes";
import { claimNamesOf, SELECTED_NODE } from "../../kubelet/claims.ts";
import { quantityOf } from "../../kubelet/quantity.ts";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../kinds/cluster.ts";
import type { Pod } from "../kinds/pod.ts";
import { isPodFinished } from "../pods.ts";
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS, STORAGE_CLASSES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { keyOf, splitKey } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { formatTime } from "../runtime/time.ts";
import type { Writer } from "../runtime/writer.ts";
import { matchesSelector } from "../selectors.ts";

const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
/** Names the provisioner on a claim; the older key is still read by some. */
const STORAGE_PROVISIONER = [
  "volume.beta.kubernetes.io/storage-provisioner",
  "volume.kubernetes.io/storage-provisioner",
];
const PROTECTION = "kubernetes.io/pvc-protection";

/**
 * Starts the controller that binds claims to volumes that fit, makes volumes for claims of the simulated
 * class once their consumer has a node, and removes volumes and the protection of claims that nobody uses.
 * Volumes hold nothing. Left out: resizing, snapshots, `Recycle`.
 */
export function startVolumeController(environment: Environment): void {
  const { caches, clock } = environment;
  const claims = caches.follow<PersistentVolumeClaim>(PERSISTENT_VOLUME_CLAIMS);
  const volumes = caches.follow<PersistentVolume>(PERSISTENT_VOLUMES);
  const classes = caches.follow<StorageClass>(STORAGE_CLASSES);
  const pods = caches.follow<Pod>(PODS);

  const controller = runController(environment, {
    name: "persistentvolume-controller",
    workers: 1,
    async reconcile(key, tools) {
      if (!key.includes("/")) return release(key, tools);
      const { name, namespace } = splitKey(key);
      const claim = claims.get(name, namespace);
      if (!claim) return;
      if (claim.metadata.deletionTimestamp) return unprotect(claim, tools);
      if (claim.metadata.annotations?.[BIND_COMPLETED]) return confirm(claim, tools);
      await bindOrProvision(claim, tools);
    },
  });
  controller.watch(claims, (claim, change) =>
    change.type === "deleted" && claim.spec.volumeName ? [claim.spec.volumeName] : [keyOf(claim)],
  );
  controller.watch(volumes, (volume) => {
    const { namespace, name } = volume.spec.claimRef ?? {};
    if (namespace && name) return [volume.metadata.name, `${namespace}/${name}`];
    return [
      volume.metadata.name,
      ...claims
        .list()
        .filter((claim) => !claim.spec.volumeName)
        .map(keyOf),
    ];
  });
  controller.watch(classes, () =>
    claims
      .list()
      .filter((claim) => !claim.spec.volumeName)
      .map(keyOf),
  );
  controller.watch(pods, (pod, change) =>
    change.type === "deleted" || isPodFinished(pod)
      ? claimNamesOf(pod).map((name) => `${pod.metadata.namespace}/${name}`)
      : [],
  );

  async function bindOrProvision(claim: PersistentVolumeClaim, tools: ControllerTools): Promise<void> {
    const { write, record } = tools;
    const fitting = findVolume(claim);
    if (fitting) return bind(claim, fitting, tools);
    const className = claim.spec.storageClassName;
    const storageClass = className ? classes.get(className) : undefined;
    if (className === undefined) {
      const standard = classes.list().find(isDefault);
      if (standard) {
        const spec = { ...claim.spec, storageClassName: standard.metadata.name };
        await write.update(PERSISTENT_VOLUME_CLAIMS, { ...claim, spec });
        return;
      }
    }
    if (!storageClass) {
      const message = className
        ? `storageclass.storage.k8s.io "${className}" not found`
        : "no persistent volumes available for this claim and no storage class is set";
      const reason = className ? "ProvisioningFailed" : "FailedBinding";
      record(claim, { type: className ? "Warning" : "Normal", reason, message });
      return;
    }
    const waits = storageClass.volumeBindingMode === "WaitForFirstConsumer";
    const node = claim.metadata.annotations?.[SELECTED_NODE];
    if (waits && !node) {
      const message = "waiting for first consumer to be created before binding";
      record(claim, { type: "Normal", reason: "WaitForFirstConsumer", message });
      return;
    }
    if (STORAGE_PROVISIONER.some((key) => claim.metadata.annotations?.[key] !== storageClass.provisioner)) {
      const named = Object.fromEntries(STORAGE_PROVISIONER.map((key) => [key, storageClass.provisioner]));
      const annotations = { ...claim.metadata.annotations, ...named };
      await write.update(PERSISTENT_VOLUME_CLAIMS, {
        ...claim,
        metadata: { ...claim.metadata, annotations },
      });
      return;
    }
    const message = `Waiting for a volume to be created either by the external provisioner '${storageClass.provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    record(claim, { type: "Normal", reason: "ExternalProvisioning", message });
  }

  /** The volume that is reserved for the claim, or the smallest free one that fits. */
  function findVolume(claim: PersistentVolumeClaim): PersistentVolume | undefined {
    const free = volumes.list().filter((volume) => !volume.metadata.deletionTimestamp);
    const { name, namespace, uid } = claim.metadata;
    const reserved = free.find(({ spec: { claimRef } }) => {
      const same = claimRef?.name === name && claimRef?.namespace === namespace;
      return same && (!claimRef?.uid || claimRef.uid === uid);
    });
    if (reserved) return reserved;
    const wanted = quantityOf(claim.spec.resources?.requests?.storage);
    return free
      .filter(({ metadata, spec }) => {
        if (claim.spec.volumeName) return metadata.name === claim.spec.volumeName && !spec.claimRef;
        return (
          !spec.claimRef &&
          (spec.storageClassName ?? "") === (claim.spec.storageClassName ?? "") &&
          (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)) &&
          (spec.volumeMode ?? "Filesystem") === (claim.spec.volumeMode ?? "Filesystem") &&
          (!claim.spec.selector || matchesSelector(claim.spec.selector, metadata.labels))
        );
      })
      .filter(({ spec }) => quantityOf(spec.capacity?.storage) >= wanted)
      .sort((a, b) => quantityOf(a.spec.capacity?.storage) - quantityOf(b.spec.capacity?.storage))[0];
  }

  async function bind(
    claim: PersistentVolumeClaim,
    volume: PersistentVolume,
    { write }: ControllerTools,
  ): Promise<void> {
    const { name, namespace = "", uid = "" } = claim.metadata;
    let bound = volume;
    if (volume.spec.claimRef?.uid !== uid) {
      const claimRef = {
        kind: "PersistentVolumeClaim",
        apiVersion: "v1",
        namespace,
        name,
        uid,
        resourceVersion: claim.metadata.resourceVersion ?? "",
      };
      const annotations = { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
      bound = await write.update(PERSISTENT_VOLUMES, {
        ...volume,
        metadata: { ...volume.metadata, annotations },
        spec: { ...volume.spec, claimRef },
      });
    }
    if (bound.status?.phase !== "Bound") {
      await writePhase(bound, "Bound", write);
    }
    const annotations = {
      ...claim.metadata.annotations,
      [BIND_COMPLETED]: "yes",
      ...(claim.spec.volumeName ? {} : { [BOUND_BY_CONTROLLER]: "yes" }),
    };
    const updated = await write.update(PERSISTENT_VOLUME_CLAIMS, {
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...claim.spec, volumeName: volume.metadata.name },
    });
    await writeBound(updated, bound, write);
  }

  /** A claim that was bound before: its status, or `Lost` when its volume has gone. */
  async function confirm(claim: PersistentVolumeClaim, { write, record }: ControllerTools): Promise<void> {
    const volume = volumes.get(claim.spec.volumeName ?? "");
    if (volume) {
      if (claim.status?.phase !== "Bound") await writeBound(claim, volume, write);
      return;
    }
    if (claim.status?.phase === "Lost") return;
    record(claim, {
      type: "Warning",
      reason: "ClaimLost",
      message: "Bound claim has lost its PersistentVolume. Data on the volume is lost!",
    });
    await write.updateStatus(PERSISTENT_VOLUME_CLAIMS, { ...claim, status: { phase: "Lost" } });
  }

  /** Takes the protection from a claim that is being deleted once no pod uses it. */
  async function unprotect(claim: PersistentVolumeClaim, { write }: ControllerTools): Promise<void> {
    const { name, namespace, finalizers = [] } = claim.metadata;
    if (!finalizers.includes(PROTECTION)) return;
    const used = pods
      .list(namespace)
      .some((pod) => !isPodFinished(pod) && pod.spec.nodeName && claimNamesOf(pod).includes(name));
    if (used) return;
    const rest = finalizers.filter((finalizer) => finalizer !== PROTECTION);
    try {
      await write.update(PERSISTENT_VOLUME_CLAIMS, {
        ...claim,
        metadata: { ...claim.metadata, finalizers: rest },
      });
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
    }
  }

  async function writePhase(volume: PersistentVolume, phase: string, write: Writer): Promise<void> {
    const status = { ...volume.status, phase, lastPhaseTransitionTime: formatTime(clock.now()) };
    await write.updateStatus(PERSISTENT_VOLUMES, { ...volume, status });
  }

  /** A volume whose claim has gone is deleted or kept, as its policy says; a fresh one is shown as available. */
  async function release(name: string, { write }: ControllerTools): Promise<void> {
    const volume = volumes.get(name);
    if (!volume) return;
    if (volume.metadata.deletionTimestamp) {
      const finalizers = (volume.metadata.finalizers ?? []).filter(
        (finalizer) => finalizer !== "kubernetes.io/pv-protection",
      );
      if (finalizers.length === volume.metadata.finalizers?.length) return;
      await write.update(PERSISTENT_VOLUMES, { ...volume, metadata: { ...volume.metadata, finalizers } });
      return;
    }
    const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
    const claim = claimRef?.name ? claims.get(claimRef.name, claimRef.namespace) : undefined;
    if (claimRef?.uid && claim?.metadata.uid !== claimRef.uid) {
      if (persistentVolumeReclaimPolicy === "Delete") return write.delete(PERSISTENT_VOLUMES, volume);
      if (volume.status?.phase !== "Released") await writePhase(volume, "Released", write);
    } else if (!claimRef && volume.status?.phase !== "Available")
      await writePhase(volume, "Available", write);
  }
}

async function writeBound(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  write: Writer,
): Promise<void> {
  await write.updateStatus(PERSISTENT_VOLUME_CLAIMS, {
    ...claim,
    status: {
      phase: "Bound",
      ...(volume.spec.accessModes ? { accessModes: volume.spec.accessModes } : {}),
      ...(volume.spec.capacity ? { capacity: volume.spec.capacity } : {}),
    },
  });
}

function isDefault(storageClass: StorageClass): boolean {
  return storageClass.metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
}
