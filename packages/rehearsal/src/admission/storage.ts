// What the API server adds to claims and volumes, and which claims may grow.
import { builtin, type KubernetesObject, parseQuantity } from "@slipway/kubernetes";
import type { AdmissionPlugin } from "./admission.ts";
import { defaultClassOf } from "./default-class.ts";
import { objectAt, textAt, valueAt } from "./read-json.ts";
import { refuse } from "./refuse.ts";

const storageClasses = builtin("storage.k8s.io", "StorageClass");
const defaultAnnotation = "storageclass.kubernetes.io/is-default-class";
const betaClassAnnotation = "volume.beta.kubernetes.io/storage-class";

/** A claim that names no class gets the default one; with several, the newest, then the first by name. */
export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  async admit(attributes, reader) {
    const claim = attributes.object;
    const { type, operation, subresource } = attributes;
    if (type.group !== "" || type.resource !== "persistentvolumeclaims" || subresource) return undefined;
    if (operation !== "CREATE" || !claim) return undefined;
    const spec = objectAt(claim, "spec");
    // An empty text asks for no class at all.
    if (spec.storageClassName !== undefined && spec.storageClassName !== null) return undefined;
    if (claim.metadata.annotations?.[betaClassAnnotation]) return undefined;
    const chosen = defaultClassOf(reader, storageClasses, defaultAnnotation);
    if (!chosen) return undefined;
    return { ...claim, spec: { ...spec, storageClassName: chosen.metadata.name } };
  },
};

const protectionFinalizers: Readonly<Record<string, string>> = {
  "/persistentvolumeclaims": "kubernetes.io/pvc-protection",
  "/persistentvolumes": "kubernetes.io/pv-protection",
  "storage.k8s.io/volumeattributesclasses": "kubernetes.io/vac-protection",
};

/** Claims, volumes and classes of their attributes get the finalizer that keeps them while they are in use; a controller takes it off. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  async admit({ type, operation, subresource, object }) {
    if (operation !== "CREATE" || subresource || !object) return undefined;
    const finalizer = protectionFinalizers[`${type.group}/${type.resource}`];
    const present = object.metadata.finalizers ?? [];
    if (!finalizer || present.includes(finalizer)) return undefined;
    return { ...object, metadata: { ...object.metadata, finalizers: [...present, finalizer] } };
  },
};

/** PersistentVolumeClaimResize: a bound claim grows where its class says that volumes do. */
export const claimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  async validate(attributes, reader) {
    const { type, operation, subresource, object: claim, oldObject: old } = attributes;
    if (type.group !== "" || type.resource !== "persistentvolumeclaims" || subresource) return;
    if (operation !== "UPDATE" || !claim || !old || sizeOf(claim) <= sizeOf(old)) return;
    if (textAt(old, "status", "phase") !== "Bound") {
      throw refuse(attributes, "Only bound persistent volume claims can be expanded");
    }
    const name = classOf(claim);
    const known = name && name === classOf(old) ? reader.get(storageClasses, undefined, name) : undefined;
    if (known?.allowVolumeExpansion === true) return;
    const cause =
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
    throw refuse(attributes, cause);
  },
};

function sizeOf(claim: KubernetesObject): number {
  const storage = valueAt(claim, "spec", "resources", "requests", "storage");
  return (typeof storage === "string" && parseQuantity(storage)) || 0;
}

function classOf({ metadata, spec }: KubernetesObject): string | undefined {
  return metadata.annotations?.[betaClassAnnotation] ?? textAt(spec, "storageClassName");
}
