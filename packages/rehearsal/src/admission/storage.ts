// DefaultStorageClass and StorageObjectInUseProtection: what the API server adds to claims and volumes.
import { builtin } from "@slipway/kubernetes";
import type { AdmissionPlugin } from "./admission.ts";
import { objectAt } from "./read-json.ts";

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
    const [chosen] = reader
      .list(storageClasses)
      .filter((candidate) => candidate.metadata.annotations?.[defaultAnnotation] === "true")
      .sort(
        (a, b) =>
          (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? "") ||
          a.metadata.name.localeCompare(b.metadata.name),
      );
    if (!chosen) return undefined;
    return { ...claim, spec: { ...spec, storageClassName: chosen.metadata.name } };
  },
};

const protectionFinalizers: Readonly<Record<string, string>> = {
  persistentvolumeclaims: "kubernetes.io/pvc-protection",
  persistentvolumes: "kubernetes.io/pv-protection",
};

/** Claims and volumes get the finalizer that keeps them while they are in use; a controller takes it off. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  async admit({ type, operation, subresource, object }) {
    if (type.group !== "" || operation !== "CREATE" || subresource || !object) return undefined;
    const finalizer = protectionFinalizers[type.resource];
    const present = object.metadata.finalizers ?? [];
    if (!finalizer || present.includes(finalizer)) return undefined;
    return { ...object, metadata: { ...object.metadata, finalizers: [...present, finalizer] } };
  },
};
