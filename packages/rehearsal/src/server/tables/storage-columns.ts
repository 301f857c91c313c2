// Columns of volumes and of what provides them.
import type { KubernetesObject } from "@slipway/kubernetes";
import { objectAt, objectsAt, stringAt, textAt, textsAt, valueAt } from "../../admission/read-json.ts";
import { ageColumn, type ColumnTable, column, createdAtColumn, nameColumn, wide } from "./column.ts";

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

const volumeMode = wide("VolumeMode", (object) => textAt(object, "spec", "volumeMode") ?? "<unset>");

const attributesClass = column(
  "VolumeAttributesClass",
  (object) => stringAt(object, "spec", "volumeAttributesClassName") ?? "<unset>",
);

const flag = (name: string, field: string) =>
  column(name, (object) => valueAt(object, "spec", field) === true, "boolean");

export const storageColumns: ColumnTable = {
  "/persistentvolumeclaims": [
    nameColumn,
    column("Status", (claim) =>
      claim.metadata.deletionTimestamp ? "Terminating" : (textAt(claim, "status", "phase") ?? ""),
    ),
    column("Volume", (claim) => textAt(claim, "spec", "volumeName") ?? ""),
    // Before it is bound nobody knows what a claim will get.
    column("Capacity", (claim) =>
      textAt(claim, "spec", "volumeName") ? (textAt(claim, "status", "capacity", "storage") ?? "0") : "",
    ),
    column("Access Modes", (claim) =>
      textAt(claim, "spec", "volumeName") ? formatModes(claim, "status") : "",
    ),
    column("StorageClass", (claim) => textAt(claim, "spec", "storageClassName") ?? ""),
    attributesClass,
    ageColumn,
    volumeMode,
  ],
  "/persistentvolumes": [
    nameColumn,
    column("Capacity", (volume) => textAt(volume, "spec", "capacity", "storage") ?? ""),
    column("Access Modes", (volume) => formatModes(volume, "spec")),
    column("Reclaim Policy", (volume) => textAt(volume, "spec", "persistentVolumeReclaimPolicy") ?? ""),
    column("Status", (volume) =>
      volume.metadata.deletionTimestamp ? "Terminating" : (textAt(volume, "status", "phase") ?? ""),
    ),
    column("Claim", (volume) => {
      const { namespace, name } = objectAt(volume, "spec", "claimRef");
      return name ? `${namespace}/${name}` : "";
    }),
    column("StorageClass", (volume) => textAt(volume, "spec", "storageClassName") ?? ""),
    attributesClass,
    column("Reason", (volume) => textAt(volume, "status", "reason") ?? ""),
    ageColumn,
    volumeMode,
  ],
  "storage.k8s.io/storageclasses": [
    {
      ...nameColumn,
      cell: ({ metadata }) =>
        metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true"
          ? `${metadata.name} (default)`
          : metadata.name,
    },
    column("Provisioner", (object) => textAt(object, "provisioner") ?? ""),
    column("ReclaimPolicy", (object) => textAt(object, "reclaimPolicy") ?? "Delete"),
    column("VolumeBindingMode", (object) => textAt(object, "volumeBindingMode") ?? "Immediate"),
    column("AllowVolumeExpansion", (object) => valueAt(object, "allowVolumeExpansion") === true),
    ageColumn,
  ],
  "storage.k8s.io/csidrivers": [
    nameColumn,
    column("AttachRequired", (object) => valueAt(object, "spec", "attachRequired") !== false, "boolean"),
    flag("PodInfoOnMount", "podInfoOnMount"),
    flag("StorageCapacity", "storageCapacity"),
    column("TokenRequests", (object) => {
      const audiences = objectsAt(object, "spec", "tokenRequests").map(({ audience }) => String(audience));
      return audiences.length === 0 ? "<unset>" : audiences.join(",");
    }),
    flag("RequiresRepublish", "requiresRepublish"),
    column("Modes", (object) => textsAt(object, "spec", "volumeLifecycleModes").join(",")),
    ageColumn,
  ],
  "storage.k8s.io/csinodes": [
    nameColumn,
    column("Drivers", (object) => objectsAt(object, "spec", "drivers").length, "integer"),
    ageColumn,
  ],
  "storage.k8s.io/csistoragecapacities": [nameColumn, createdAtColumn],
  "storage.k8s.io/volumeattachments": [
    nameColumn,
    { ...column("Attacher", (object) => textAt(object, "spec", "attacher") ?? ""), format: "name" },
    column("PV", (object) => textAt(object, "spec", "source", "persistentVolumeName") ?? ""),
    column("Node", (object) => textAt(object, "spec", "nodeName") ?? ""),
    column("Attached", (object) => valueAt(object, "status", "attached") === true, "boolean"),
    ageColumn,
  ],
  "storage.k8s.io/volumeattributesclasses": [
    nameColumn,
    column("DriverName", (object) => textAt(object, "driverName") ?? ""),
    ageColumn,
  ],
};

function formatModes(object: KubernetesObject, part: "spec" | "status"): string {
  const modes = textsAt(object, part, "accessModes");
  return [...new Set(modes)].map((mode) => shortModes[mode] ?? mode).join(",");
}
