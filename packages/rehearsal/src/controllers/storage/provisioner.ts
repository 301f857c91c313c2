// Volumes for claims of the simulated class, as an external provisioner makes them (sig-storage-lib-external-provisioner).
import { isApiError } from "@slipway/kubernetes";
import { SELECTED_NODE } from "../../kubelet/claims.ts";
import { scaledMs } from "../../kubelet/time-model.ts";
import { PROVISIONER } from "../bootstrap/bootstrap.ts";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../kinds/cluster.ts";
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, STORAGE_CLASSES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { keyOf, splitKey, uidOf } from "../runtime/owners.ts";
import { runController } from "../runtime/run-controller.ts";

/** The key under which the volume controller names a claim's provisioner. */
export const STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";

/**
 * Starts the provisioner: a claim that the volume controller hands to it, with its node where the class waits
 * for one, gets a volume that holds nothing; binding the two is the volume controller's work.
 */
export function startProvisioner(environment: Environment): void {
  const { caches, clock, timeModel } = environment;
  const claims = caches.follow<PersistentVolumeClaim>(PERSISTENT_VOLUME_CLAIMS);
  const classes = caches.follow<StorageClass>(STORAGE_CLASSES);
  /** When the volume of a claim (by uid) will be made. */
  const provisioning = new Map<string, number>();

  const controller = runController(environment, {
    name: "volume-provisioner",
    workers: 1,
    async reconcile(key, { write, record, enqueue }) {
      const { name, namespace } = splitKey(key);
      const claim = claims.get(name, namespace);
      const storageClass = claim && classes.get(claim.spec.storageClassName ?? "");
      if (!claim || !storageClass || claim.spec.volumeName || claim.metadata.deletionTimestamp) return;
      if (claim.metadata.annotations?.[STORAGE_PROVISIONER] !== PROVISIONER) return;
      const waits = storageClass.volumeBindingMode === "WaitForFirstConsumer";
      if (waits && !claim.metadata.annotations[SELECTED_NODE]) return;
      const due = provisioning.get(uidOf(claim)) ?? clock.now() + scaledMs(timeModel, timeModel.provisionMs);
      provisioning.set(uidOf(claim), due);
      if (clock.now() < due) return enqueue(key, due - clock.now());
      provisioning.delete(uidOf(claim));
      const volume = buildVolume(claim, storageClass);
      try {
        await write.create(PERSISTENT_VOLUMES, volume);
      } catch (error) {
        if (!isApiError(error, 409)) throw error;
      }
      record(claim, {
        type: "Normal",
        reason: "ProvisioningSucceeded",
        message: `Successfully provisioned volume ${volume.metadata.name}`,
      });
    },
  });
  controller.watch(claims, (claim, change) => (change.type === "deleted" ? [] : [keyOf(claim)]));
}

/** A volume that can be mounted on every node, since nothing is stored in it. */
function buildVolume(claim: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolume {
  const { name, namespace = "", uid = "", resourceVersion = "" } = claim.metadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: `pvc-${uid}`,
      annotations: { "pv.kubernetes.io/provisioned-by": storageClass.provisioner },
    },
    spec: {
      accessModes: claim.spec.accessModes ?? [],
      capacity: { storage: claim.spec.resources?.requests?.storage ?? "0" },
      claimRef: { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name, uid, resourceVersion },
      hostPath: { path: `/var/lib/simulated/${uid}`, type: "DirectoryOrCreate" },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? "Filesystem",
    },
  };
}
