import type { KubernetesObject } from "@slipway/kubernetes";

/** What reading a built-in object found: the object as the server holds it, and fields it does not know. */
export interface Decoded {
  readonly object: KubernetesObject;
  /** Paths of unknown fields, already removed: `spec.foo`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads a built-in object as the server's own types do: unknown fields removed, empty ones dropped or written out,
 * quantities in canonical form, and every default filled in. Throws StatusError 400 on a value of the wrong
 * type. Does not change its argument. Objects of kinds that are not built in come back as they are.
 */
export function decodeBuiltin(_object: KubernetesObject): Decoded {
  throw new Error("lands next");
}
