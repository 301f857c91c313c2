import type { ResourceType } from "./client.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * The object with a namespace exactly where its resource has one: a cluster-scoped object loses
 * `metadata.namespace` (kustomize leaves it on objects whose scope it does not know), a namespaced one without
 * gets `default`. Returns the same object when nothing has to change.
 */
export function normalizeScope(object: KubernetesObject, type: ResourceType): KubernetesObject {
  const { namespace, ...metadata } = object.metadata;
  if (type.namespaced) {
    return namespace ? object : { ...object, metadata: { ...object.metadata, namespace: "default" } };
  }
  return namespace === undefined
    ? object
    : { ...object, metadata: { ...metadata, name: object.metadata.name } };
}
