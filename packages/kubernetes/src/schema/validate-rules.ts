import type { JsonObject } from "@slipway/yaml";
import type { FieldError } from "./field-error.ts";
import type { Schema } from "./schema.ts";

/** CEL rules of a whole object. */
export function validateRules(
  _object: JsonObject,
  _schema: Schema,
  _old: JsonObject | undefined,
): FieldError[] {
  return [];
}
