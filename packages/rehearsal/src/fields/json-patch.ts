import type { Json, JsonObject } from "@slipway/yaml";

/**
 * JSON patch (RFC 6902). Returns a new object; throws StatusError: 400 when the patch is no patch, 422 with the server's text
 * when an operation cannot be done or a test fails.
 */
export function applyJsonPatch(_object: JsonObject, _patch: Json): JsonObject {
  throw new Error("lands next");
}
