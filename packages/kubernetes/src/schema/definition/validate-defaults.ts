// Defaults are values that an object could have (apiextensions schema/defaulting/validation.go).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "../field-error.ts";
import { parseSchema } from "../parse-schema.ts";
import { pruneUnknownFields } from "../prune.ts";
import { validateValue } from "../validate.ts";
import { hasRules, validateRules } from "../validate-rules.ts";

/** What is wrong with the defaults of a structural schema; there are none inside of additionalProperties. */
export function validateDefaults(schema: JsonObject, path: string): FieldError[] {
  const errors =
    schema.default === undefined ? [] : validateDefault(schema, schema.default, `${path}.default`);
  if (isJsonObject(schema.items)) errors.push(...validateDefaults(schema.items, `${path}.items`));
  for (const [name, property] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
    if (isJsonObject(property)) errors.push(...validateDefaults(property, `${path}.properties[${name}]`));
  }
  return errors;
}

function validateDefault(source: JsonObject, value: Json, path: string): FieldError[] {
  if (value === null) return [];
  const schema = parseSchema(source);
  const errors: FieldError[] = [];
  const parent = parseSchema({ type: "object", properties: { value: source } });
  if (pruneUnknownFields(structuredClone({ value }), parent).length > 0) {
    errors.push(fieldError("FieldValueInvalid", path, "must not have unknown fields", value));
  }
  const faults = validateValue(value, schema, "");
  if (faults.length === 0 && hasRules(schema) && isJsonObject(value)) {
    faults.push(...validateRules(value, schema, undefined));
  }
  return [...errors, ...faults.map((error) => ({ ...error, field: join(path, error.field) }))];
}

function join(path: string, field: string): string {
  return field === "" ? path : `${path}.${field}`;
}
