// Advice about volumes, claims, storage classes and what else has labels of nodes (kubernetes pkg/api/persistentvolume,
// persistentvolumeclaim, storage and node).
import { equalJson, type KubernetesObject, parseQuantity } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, valueAt } from "../../admission/read-json.ts";
import { deprecatedLabel, selectorTermWarnings } from "./node-labels.ts";

/** What is advised about an object of one kind. */
export type Warn = (object: KubernetesObject, old?: KubernetesObject) => string[];

/** A part of a byte in the amount of a resource at `path`. */
export function byteWarnings(amounts: JsonObject, resource: string, path: string): string[] {
  const value = textAt(amounts, resource);
  if (value === undefined || Number.isInteger(Number(parseQuantity(value)))) return [];
  return [
    `${path}[${resource}]: fractional byte value ${JSON.stringify(value)} is invalid, must be an integer`,
  ];
}

/** Advice about what a claim asks for. */
export function claimSpecWarnings(spec: JsonObject, path: string): string[] {
  return ["requests", "limits"].flatMap((part) =>
    byteWarnings(objectAt(spec, "resources", part), "storage", `${path}.resources.${part}`),
  );
}

/** Volume plugins that are on their way out, or gone. */
export const deprecatedVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: "deprecated in v1.11, non-functional in v1.16+",
  scaleIO: "deprecated in v1.16, non-functional in v1.22+",
  storageos: "deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "deprecated in v1.25, non-functional in v1.26+",
  cephfs: "deprecated in v1.28, non-functional in v1.31+",
  rbd: "deprecated in v1.28, non-functional in v1.31+",
};

/** The name of a plugin in a warning. */
export function volumeField(name: string): string {
  return name === "storageos" ? "storageOS" : name;
}

const volumeAnnotations: Readonly<Record<string, string>> = {
  "volume.beta.kubernetes.io/storage-class":
    'deprecated since v1.8; use "storageClassName" attribute instead',
  "volume.beta.kubernetes.io/mount-options": 'deprecated since v1.31; use "mountOptions" attribute instead',
};

const volume: Warn = ({ metadata, spec }) => [
  ...Object.entries(volumeAnnotations)
    .filter(([name]) => metadata.annotations?.[name] !== undefined)
    .map(([name, advice]) => `metadata.annotations[${name}]: ${advice}`),
  ...(textAt(spec, "persistentVolumeReclaimPolicy") === "Recycle"
    ? [
        "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
      ]
    : []),
  ...objectsAt(spec, "nodeAffinity", "required", "nodeSelectorTerms").flatMap((term, index) =>
    selectorTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`, false),
  ),
  ...["cephfs", "photonPersistentDisk", "scaleIO", "storageos", "glusterfs", "rbd"]
    .filter((name) => name in objectAt(spec))
    .map((name) => `spec.${volumeField(name)}: ${deprecatedVolumes[name]}`),
];

const claim: Warn = ({ metadata, spec }) => [
  ...(metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] === undefined
    ? []
    : [
        'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
      ]),
  ...claimSpecWarnings(objectAt(spec), "spec"),
];

const storageClass: Warn = (object) =>
  objectsAt(object, "allowedTopologies").flatMap((topology, index) =>
    objectsAt(topology, "matchLabelExpressions").flatMap(({ key }, number) => {
      const advice = deprecatedLabel(String(key ?? ""));
      return advice ? [`allowedTopologies[${index}].matchLabelExpressions[${number}].key: ${advice}`] : [];
    }),
  );

/** Tokens in a volume's attributes, where they were asked for. */
const csiDriver: Warn = (driver, old) => {
  const [requests, before] = [driver, old].map((one) => objectsAt(one, "spec", "tokenRequests"));
  if (!requests?.length || valueAt(driver, "spec", "serviceAccountTokenInSecrets") !== undefined) return [];
  if (old && equalJson(requests, before ?? [])) return [];
  return [
    "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes",
  ];
};

const storageCapacity: Warn = ({ nodeTopology }) => [
  ...(isJsonObject(nodeTopology) ? selectorTermWarnings(nodeTopology, "nodeTopology", false) : []),
  ...Object.keys(objectAt(nodeTopology, "matchLabels")).flatMap((key) => {
    const advice = deprecatedLabel(key);
    return advice ? [`nodeTopology.matchLabels.${key}: ${advice}`] : [];
  }),
];

const runtimeClass: Warn = (object) =>
  Object.keys(objectAt(object, "scheduling", "nodeSelector")).flatMap((key) => {
    const advice = deprecatedLabel(key);
    return advice ? [`scheduling.nodeSelector: ${advice}`] : [];
  });

/** By collection. */
export const storageWarnings: Readonly<Record<string, Warn>> = {
  "/persistentvolumes": volume,
  "/persistentvolumeclaims": claim,
  "node.k8s.io/runtimeclasses": runtimeClass,
  "storage.k8s.io/csidrivers": csiDriver,
  "storage.k8s.io/csistoragecapacities": storageCapacity,
  "storage.k8s.io/storageclasses": storageClass,
};
