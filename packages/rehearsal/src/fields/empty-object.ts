import type { Schema } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";

/**
 * What the server's own type looks like before anything is in it: the fields that it always writes. A create is
 * compared with this, so nobody comes to own `spec` itself or a list that is written as null.
 */
export function emptyObject(schema: Schema): JsonObject {
  const object: JsonObject = {};
  for (const [name, property] of schema.properties ?? []) {
    const value = emptyValue(property);
    if (value !== undefined) object[name] = value;
  }
  return object;
}

/** The value that stands for nothing where a field is always written; undefined where it may be left out. */
export function emptyValue(schema: Schema): Json | undefined {
  if (schema.empty === "null") return null;
  if (schema.empty !== "zero") return undefined;
  if (schema.type === "object") return emptyObject(schema);
  if (schema.type === "boolean") return false;
  if (schema.type === "string") return "";
  if (schema.type === "array") return null;
  return schema.typeName === "api.resource.Quantity" ? "0" : 0;
}
