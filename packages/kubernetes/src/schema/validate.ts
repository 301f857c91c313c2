import type { JsonObject } from "@slipway/yaml";
import type { FieldError } from "./field-error.ts";
import type { Schema } from "./schema.ts";

/**
 * Validates a custom resource against its schema, CEL rules included; `old` is the stored object of an update
 * (transition rules, ratcheting). Returns every cause, in the API server's words; empty when valid.
 */
export function validateBySchema(
  _object: JsonObject,
  _schema: Schema,
  _options: { readonly old?: JsonObject } = {},
): FieldError[] {
  throw new Error("lands next");
}
