// Inside allOf, anyOf, oneOf and not, a schema may limit values but not say what fields there are.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { patternFault } from "./definition/pattern-fault.ts";
import { type FieldError, fieldError } from "./field-error.ts";

/** What must not stand in an alternative, and how the refusal goes on. */
const forbidden: readonly (readonly [key: string, must: string])[] = [
  ["type", "empty"],
  ["additionalProperties", "undefined"],
  ["default", "undefined"],
  ["title", "empty"],
  ["description", "empty"],
  ["nullable", "false"],
  ["x-kubernetes-preserve-unknown-fields", "false"],
  ["x-kubernetes-embedded-resource", "false"],
  ["x-kubernetes-int-or-string", "false"],
  ["x-kubernetes-list-map-keys", "empty"],
  ["x-kubernetes-list-type", "undefined"],
  ["x-kubernetes-map-type", "undefined"],
  ["x-kubernetes-validations", "empty"],
];

/** The alternatives of a schema with the paths at which they stand. */
function alternativesOf(schema: JsonObject, path: string): [JsonObject, string][] {
  const found: [JsonObject, string][] = [];
  for (const junctor of ["anyOf", "allOf", "oneOf"]) {
    const list = schema[junctor];
    if (!Array.isArray(list)) continue;
    for (const [index, inner] of list.entries()) {
      if (isJsonObject(inner)) found.push([inner, `${path}.${junctor}[${index}]`]);
    }
  }
  if (isJsonObject(schema.not)) found.push([schema.not, `${path}.not`]);
  return found;
}

/** Everything in a schema's own alternatives that only the schema itself may say. */
export function validateAlternatives(schema: JsonObject, path: string): FieldError[] {
  const free = spelledOut(schema);
  return validateInside(schema, path, free);
}

/** `anyOf: [integer, string]` spells out what int-or-string means: by itself, or in the first of an allOf. */
function spelledOut({ anyOf, allOf }: JsonObject): Json | undefined {
  const isPattern = (list: Json | undefined) =>
    JSON.stringify(list) === JSON.stringify([{ type: "integer" }, { type: "string" }]);
  if (isPattern(anyOf)) return anyOf;
  const first = Array.isArray(allOf) && isJsonObject(allOf[0]) ? allOf[0].anyOf : undefined;
  return isPattern(first) ? first : undefined;
}

function validateInside(schema: JsonObject, path: string, free?: Json): FieldError[] {
  const rest = free !== undefined && schema.anyOf === free ? { ...schema, anyOf: [] } : schema;
  return alternativesOf(rest, path).flatMap(([inner, place]) => validateNested(inner, place, free));
}

function validateNested(inner: JsonObject, path: string, free?: Json): FieldError[] {
  const errors = [...validateInside(inner, path, free), ...validatePattern(inner, path)];
  for (const [key, must] of forbidden) {
    const value = inner[key];
    if (value === undefined || value === false || value === "") continue;
    errors.push(fieldError("FieldValueForbidden", `${path}.${key}`, `must be ${must} to be structural`));
  }
  if (isJsonObject(inner.items)) errors.push(...validateNested(inner.items, `${path}.items`));
  for (const [name, property] of Object.entries(isJsonObject(inner.properties) ? inner.properties : {})) {
    const place = `${path}.properties[${name}]`;
    if (isJsonObject(property)) errors.push(...validateNested(property, place));
    if (name !== "metadata") continue;
    errors.push(fieldError("FieldValueForbidden", place, "must not be specified in a nested context"));
  }
  return errors;
}

/** Whether a pattern compiles. */
export function validatePattern({ pattern }: JsonObject, path: string): FieldError[] {
  const fault = typeof pattern === "string" ? patternFault(pattern) : undefined;
  if (fault === undefined) return [];
  const detail = `must be a valid regular expression, but isn't: ${fault}`;
  return [fieldError("FieldValueInvalid", `${path}.pattern`, detail, pattern)];
}

/** What the alternatives of a root limit but the schema itself does not describe. */
export function validateCompleteness(schema: JsonObject, path: string): FieldError[] {
  return alternativesOf(schema, path).flatMap(([inner, place]) =>
    validateDescribed(inner, schema, path, place),
  );
}

/** The describing schema stands at `path`, the one that limits it at `place`. */
function validateDescribed(
  inner: JsonObject,
  outer: Json | undefined,
  path: string,
  place: string,
): FieldError[] {
  if (!isJsonObject(outer))
    return [fieldError("FieldValueRequired", path, `because it is defined in ${place}`)];
  const errors = alternativesOf(inner, place).flatMap(([below, at]) =>
    validateDescribed(below, outer, path, at),
  );
  if (isJsonObject(inner.items)) {
    errors.push(...validateDescribed(inner.items, outer.items, `${path}.items`, `${place}.items`));
  }
  const properties = isJsonObject(outer.properties) ? outer.properties : {};
  for (const [name, property] of Object.entries(isJsonObject(inner.properties) ? inner.properties : {})) {
    const step = `properties[${name}]`;
    if (!isJsonObject(property)) continue;
    errors.push(...validateDescribed(property, properties[name], `${path}.${step}`, `${place}.${step}`));
  }
  return errors;
}
