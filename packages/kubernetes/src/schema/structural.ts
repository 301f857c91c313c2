// Whether a schema is structural, so that objects can be pruned and defaulted by it (KEP-1979 and
// apiextensions pkg/apiserver/schema/validation.go).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { type FieldError, fieldError, formatFieldError } from "./field-error.ts";
import { validateAlternatives, validateCompleteness, validatePattern } from "./structural-alternatives.ts";

/** Everything that keeps `openAPIV3Schema` from being a structural schema; paths begin with `path`. */
export function validateStructural(schema: JsonObject, path: string): FieldError[] {
  const errors = [...validateInvariants(schema, path, "root"), ...validateCompleteness(schema, path)];
  const texts = new Map(errors.map((error) => [error, formatFieldError(error)]));
  return errors.sort((a, b) => ((texts.get(a) ?? "") < (texts.get(b) ?? "") ? -1 : 1));
}

/** What a schema describes. */
type Level = "root" | "object fields" | "array items";

function validateInvariants(schema: JsonObject, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type === "array" && !isJsonObject(schema.items)) {
    errors.push(fieldError("FieldValueRequired", `${path}.items`, "must be specified"));
  }
  if (isJsonObject(schema.items)) {
    errors.push(...validateInvariants(schema.items, `${path}.items`, "array items"));
  }
  const properties = propertiesOf(schema);
  for (const [name, property] of properties) {
    errors.push(...validateInvariants(property, `${path}.properties[${name}]`, "object fields"));
  }
  const additional = schema.additionalProperties;
  if (additional !== undefined && level === "root") {
    errors.push(
      fieldError("FieldValueForbidden", `${path}.additionalProperties`, "must not be used at the root"),
    );
  }
  if (isJsonObject(additional)) {
    errors.push(...validateInvariants(additional, `${path}.additionalProperties`, "object fields"));
  }
  errors.push(...validateExtensions(schema, path), ...validateAlternatives(schema, path));
  errors.push(...validatePattern(schema, path));
  errors.push(...validateType(schema, path, level), ...validateIdentity(schema, path, level));
  return errors;
}

function propertiesOf({ properties }: JsonObject): [string, JsonObject][] {
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
}

function validateExtensions(schema: JsonObject, path: string): FieldError[] {
  if (schema["x-kubernetes-int-or-string"] !== true) return [];
  return ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"]
    .filter((key) => schema[key] === true)
    .map((key) => {
      const detail = "must be false if x-kubernetes-int-or-string is true";
      return fieldError("FieldValueInvalid", `${path}.${key}`, detail, true);
    });
}

function validateType(schema: JsonObject, path: string, level: Level): FieldError[] {
  const type = text(schema.type);
  const field = `${path}.type`;
  const errors: FieldError[] = [];
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const preserves = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (embedded && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(
      type === ""
        ? fieldError("FieldValueRequired", field, detail)
        : fieldError("FieldValueInvalid", field, detail, type),
    );
  } else if (type === "" && schema["x-kubernetes-int-or-string"] !== true && !preserves) {
    const where = level === "root" ? "at the root" : `for specified ${level}`;
    errors.push(fieldError("FieldValueRequired", field, `must not be empty ${where}`));
  }
  if (embedded && schema.additionalProperties !== undefined) {
    const detail = "must not be used if x-kubernetes-embedded-resource is set";
    errors.push(fieldError("FieldValueForbidden", `${path}.additionalProperties`, detail));
  }
  if (embedded && !preserves && propertiesOf(schema).length === 0) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(fieldError("FieldValueRequired", `${path}.properties`, detail));
  }
  if (level === "root" && type !== "" && type !== "object") {
    errors.push(fieldError("FieldValueInvalid", field, "must be object at the root", type));
  }
  return errors;
}

/** What every object has may be described only as it is. */
function validateIdentity(schema: JsonObject, path: string, level: Level): FieldError[] {
  const errors: FieldError[] = [];
  const isObject = level === "root" || schema["x-kubernetes-embedded-resource"] === true;
  for (const [name, property] of propertiesOf(schema)) {
    const place = `${path}.properties[${name}]`;
    const type = text(property.type);
    if (isObject && (name === "kind" || name === "apiVersion") && type !== "string") {
      errors.push(fieldError("FieldValueInvalid", `${place}.type`, "must be string", type));
    }
    if (name !== "metadata") continue;
    if (isObject && type !== "object") {
      errors.push(fieldError("FieldValueInvalid", `${place}.type`, "must be object", type));
    }
    if (level === "root" && !isPlainMetadata(property)) {
      const detail =
        "must not specify anything other than name and generateName, but metadata is implicitly specified";
      errors.push(fieldError("FieldValueForbidden", place, detail));
    }
  }
  return errors;
}

/** Whether a schema of metadata says nothing beyond its name and the prefix of a generated one. */
function isPlainMetadata({ properties, type: _, default: __, ...rest }: JsonObject): boolean {
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  if (!names.every((name) => name === "name" || name === "generateName")) return false;
  return equalJson(rest, {});
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
