import type { KubernetesObject } from "@slipway/kubernetes";

/** Only the metadata of an object (meta/v1 PartialObjectMetadata). */
export function partialMetadata(object: KubernetesObject): KubernetesObject {
  return { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata: object.metadata };
}
