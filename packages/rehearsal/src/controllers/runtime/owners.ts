// Who owns whom (metadata.ownerReferences).
import type { KubernetesObject, OwnerReference } from "@slipway/kubernetes";

/** The owner that manages the object: the one reference with `controller: true`. */
export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** The reference that a controller puts on what it makes for `owner`. */
export function controllerReference(owner: KubernetesObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** An object's uid; every object that was read from a server has one. */
export function uidOf(object: KubernetesObject): string {
  return object.metadata.uid ?? "";
}

/** `namespace/name`, or `name` where there is no namespace: the key of a controller's queue. */
export function keyOf(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

/** The two halves of a queue key. */
export function splitKey(key: string): { readonly name: string; readonly namespace?: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
