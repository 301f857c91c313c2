// Volumes, claims and storage classes (kubernetes pkg/apis/core/v1 and storage/v1).
import { type DefaultHook, fill, fillMap } from "./hook.ts";

const csiDriver: DefaultHook = (driver) => {
  const spec = fillMap(driver, "spec");
  fill(spec, "attachRequired", true);
  fill(spec, "podInfoOnMount", false);
  fill(spec, "storageCapacity", false);
  fill(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
  if (!Array.isArray(spec.volumeLifecycleModes) || spec.volumeLifecycleModes.length === 0) {
    spec.volumeLifecycleModes = ["Persistent"];
  }
  fill(spec, "requiresRepublish", false);
  fill(spec, "seLinuxMount", false);
};

/** Defaults by type name. */
export const storageDefaults: Readonly<Record<string, DefaultHook>> = {
  "core.v1.PersistentVolume": (volume) => {
    fill(fillMap(volume, "status"), "phase", "Pending");
    const spec = fillMap(volume, "spec");
    fill(spec, "persistentVolumeReclaimPolicy", "Retain");
    fill(spec, "volumeMode", "Filesystem");
  },
  "core.v1.PersistentVolumeClaim": (claim) => fill(fillMap(claim, "status"), "phase", "Pending"),
  "core.v1.PersistentVolumeClaimSpec": (spec) => fill(spec, "volumeMode", "Filesystem"),
  "storage.v1.StorageClass": (storageClass) => {
    fill(storageClass, "reclaimPolicy", "Delete");
    fill(storageClass, "volumeBindingMode", "Immediate");
  },
  "storage.v1.CSIDriver": csiDriver,
};
