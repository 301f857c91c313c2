// What the server does to an object because of its kind, whether built in or defined by a CustomResourceDefinition.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { equalJson } from "../store/immutable.ts";
import type { ServedType } from "./registry.ts";

/** Status and generation of a new object. Changes its argument. */
export function prepareForCreate(type: ServedType, object: KubernetesObject): void {
  if (type.custom) {
    if (hasStatus(type)) delete object.status;
    object.metadata.generation = 1;
  } else if (isJsonObject(object.spec)) object.metadata.generation = 1;
}

/** Status and generation of a changed object. Changes `next`. */
export function prepareForUpdate(
  type: ServedType,
  next: KubernetesObject,
  old: KubernetesObject,
  subresource: string | undefined,
): void {
  if (subresource === "status") {
    const { status } = next;
    const { managedFields } = next.metadata;
    for (const key of Object.keys(next)) if (key !== "metadata") delete next[key];
    Object.assign(next, old, { status, metadata: { ...old.metadata, managedFields } });
    return;
  }
  // Bindings and finalizers are set as they come; no desired state changes with them.
  if (subresource !== undefined) return;
  if (hasStatus(type)) {
    if (old.status === undefined) delete next.status;
    else next.status = old.status;
  }
  const desired = (object: KubernetesObject) => ({ ...object, metadata: null, status: null });
  if (old.metadata.generation !== undefined) {
    next.metadata.generation = old.metadata.generation + (equalJson(desired(next), desired(old)) ? 0 : 1);
  }
}

/** Whether the resource has a status of its own that only its subresource changes. */
export function hasStatus(type: ServedType): boolean {
  return type.subresources.some(({ name }) => name === "status");
}
