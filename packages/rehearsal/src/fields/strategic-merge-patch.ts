import type { Schema } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";

/**
 * Strategic merge patch as kubectl sends it: merge keys, `$patch`, `$setElementOrder`, `$retainKeys`,
 * `$deleteFromPrimitiveList`. Returns a new object; throws StatusError 400 when a directive or a merge key is missing or wrong.
 */
export function applyStrategicMergePatch(
  _object: JsonObject,
  _patch: JsonObject,
  _schema: Schema,
): JsonObject {
  throw new Error("lands next");
}
