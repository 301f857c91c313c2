import type { KubernetesObject } from "@slipway/kubernetes";

/**
 * What the registry does to a new object of a built-in kind before admission: status emptied, generation 1 where the kind
 * counts it, finalizers, labels and phases that the server sets itself. Changes its argument.
 */
export function prepareForCreate(_object: KubernetesObject): void {
  throw new Error("lands next");
}

/**
 * The same for an update: on the main resource the old status stands, on `status` all but status (and metadata's own rules) stands;
 * the generation rises when the desired state changed. Changes `next`.
 */
export function prepareForUpdate(
  _next: KubernetesObject,
  _old: KubernetesObject,
  _subresource: "status" | "scale" | undefined,
): void {
  throw new Error("lands next");
}

/** Which top-level paths nobody gets to own through this endpoint, for {@link FieldManagement}. */
export function resetFieldsOf(
  _group: string,
  _kind: string,
  _subresource: "status" | "scale" | undefined,
): readonly (readonly string[])[] {
  throw new Error("lands next");
}
