import type { KubernetesObject, Schema } from "@slipway/kubernetes";

/** Who writes, when, and how the object is typed. */
export interface FieldManagement {
  readonly manager: string;
  /** Time of the write, RFC 3339 in UTC without fractions: `2026-11-21T10:52:24Z`. */
  readonly time: string;
  /** Schema of the whole object, in the version that the request uses. */
  readonly schema: Schema;
  readonly subresource?: "status" | "scale" | undefined;
  /** Top-level paths that this endpoint resets and nobody gets to own through it, for instance `[["status"]]`. */
  readonly resetFields?: readonly (readonly string[])[];
}

/**
 * Server-side apply (KEP-555): merges `applied` into `live` (undefined when it does not exist yet) and returns the
 * new object with its `metadata.managedFields`, before defaulting and admission. An apply that changes nothing
 * returns `live` itself. Throws StatusError: 409 with all conflicts unless `force`, 500/400 with the
 * server's text when the object does not fit its schema. Inputs are not changed.
 */
export function applyConfiguration(
  _live: KubernetesObject | undefined,
  _applied: KubernetesObject,
  _options: FieldManagement & { readonly force: boolean },
): KubernetesObject {
  throw new Error("lands next");
}

/**
 * A create, update or patch (operation `Update`): returns `next` with the managedFields that follow from what
 * it changes in `live` (undefined on create). Call it after defaulting and before admission. At most ten update
 * managers are kept; older ones become `ancient-changes`.
 */
export function recordUpdate(
  _live: KubernetesObject | undefined,
  _next: KubernetesObject,
  _options: FieldManagement,
): KubernetesObject {
  throw new Error("lands next");
}
