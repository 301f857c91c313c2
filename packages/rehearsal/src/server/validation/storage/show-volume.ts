// The spec of a PersistentVolume as the server's own types show it (kubernetes pkg/apis/core PersistentVolumeSpec).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectsAt } from "../../../admission/read-json.ts";
import { sortKeys } from "../label-selector.ts";
import { showSelectorTerm } from "../pods/pod-placement.ts";

/** Sources by their names on the wire, in the order of the type. */
const sources: Readonly<Record<string, string>> = {
  gcePersistentDisk: "GCEPersistentDisk",
  awsElasticBlockStore: "AWSElasticBlockStore",
  hostPath: "HostPath",
  glusterfs: "Glusterfs",
  nfs: "NFS",
  rbd: "RBD",
  quobyte: "Quobyte",
  iscsi: "ISCSI",
  flexVolume: "FlexVolume",
  cinder: "Cinder",
  cephfs: "CephFS",
  fc: "FC",
  flocker: "Flocker",
  azureFile: "AzureFile",
  vsphereVolume: "VsphereVolume",
  azureDisk: "AzureDisk",
  photonPersistentDisk: "PhotonPersistentDisk",
  portworxVolume: "PortworxVolume",
  scaleIO: "ScaleIO",
  local: "Local",
  storageos: "StorageOS",
  csi: "CSI",
};

/** Fields by their names on the wire and in the type, with what stands there when they are not said. */
type Fields = readonly (readonly [wire: string, name: string, absent: Json])[];

/** The sources that a cluster of today still has; all others are shown as they are on the wire. */
const shownSources: Readonly<Record<string, Fields>> = {
  hostPath: [
    ["path", "Path", ""],
    ["type", "Type", null],
  ],
  nfs: [
    ["server", "Server", ""],
    ["path", "Path", ""],
    ["readOnly", "ReadOnly", false],
  ],
  local: [
    ["path", "Path", ""],
    ["fsType", "FSType", null],
  ],
};

const claimFields: Fields = [
  ["kind", "Kind", ""],
  ["namespace", "Namespace", ""],
  ["name", "Name", ""],
  ["uid", "UID", ""],
  ["apiVersion", "APIVersion", ""],
  ["resourceVersion", "ResourceVersion", ""],
  ["fieldPath", "FieldPath", ""],
];

function showFields(value: Json | undefined, fields: Fields): Json {
  if (!isJsonObject(value)) return null;
  return Object.fromEntries(fields.map(([wire, name, absent]) => [name, value[wire] ?? absent]));
}

function showSource(spec: JsonObject, wire: string): Json {
  const fields = shownSources[wire];
  return fields ? showFields(spec[wire], fields) : (spec[wire] ?? null);
}

/** The spec of a volume. */
export function showVolumeSpec(spec: JsonObject): JsonObject {
  const { capacity, csi, accessModes, mountOptions } = spec;
  return {
    Capacity: sortKeys(capacity),
    ...Object.fromEntries(Object.entries(sources).map(([wire, name]) => [name, showSource(spec, wire)])),
    CSI: isJsonObject(csi) ? showCsi(csi) : null,
    AccessModes: accessModes ?? null,
    ClaimRef: showFields(spec.claimRef, claimFields),
    PersistentVolumeReclaimPolicy: spec.persistentVolumeReclaimPolicy ?? "",
    StorageClassName: spec.storageClassName ?? "",
    MountOptions: mountOptions ?? null,
    VolumeMode: spec.volumeMode ?? null,
    NodeAffinity: showAffinity(spec.nodeAffinity),
    VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
  };
}

function showCsi(csi: JsonObject): JsonObject {
  return {
    Driver: csi.driver ?? "",
    VolumeHandle: csi.volumeHandle ?? "",
    ReadOnly: csi.readOnly ?? false,
    FSType: csi.fsType ?? "",
    VolumeAttributes: sortKeys(csi.volumeAttributes),
    ControllerPublishSecretRef: showSecret(csi.controllerPublishSecretRef),
    NodeStageSecretRef: showSecret(csi.nodeStageSecretRef),
    NodePublishSecretRef: showSecret(csi.nodePublishSecretRef),
    ControllerExpandSecretRef: showSecret(csi.controllerExpandSecretRef),
    NodeExpandSecretRef: showSecret(csi.nodeExpandSecretRef),
  };
}

function showSecret(secret: Json | undefined): Json {
  return isJsonObject(secret) ? { Name: secret.name ?? "", Namespace: secret.namespace ?? "" } : null;
}

/** On which nodes a volume is. */
export function showAffinity(affinity: Json | undefined): Json {
  if (!isJsonObject(affinity)) return null;
  const terms = objectsAt(affinity, "required", "nodeSelectorTerms").map(showSelectorTerm);
  return { Required: isJsonObject(affinity.required) ? { NodeSelectorTerms: terms } : null };
}
