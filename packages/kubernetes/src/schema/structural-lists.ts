import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "./field-error.ts";

/** Whether `x-kubernetes-list-type` fits the schema, and the keys of a list-map its items. */
export function validateListType(schema: JsonObject, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === undefined) return [];
  const errors: FieldError[] = [];
  if (listType !== "atomic" && listType !== "set" && listType !== "map") {
    const detail = 'supported values: "atomic", "set", "map"';
    errors.push(fieldError("FieldValueNotSupported", `${path}.x-kubernetes-list-type`, detail, listType));
  }
  if (schema.type !== "array") {
    const detail = "must be array if x-kubernetes-list-type is specified";
    errors.push(fieldError("FieldValueInvalid", `${path}.type`, detail, schema.type ?? ""));
  }
  if (listType === "map") errors.push(...validateKeys(schema, path));
  const items = isJsonObject(schema.items) ? schema.items : {};
  const mapType = items["x-kubernetes-map-type"];
  if (listType === "set" && items.type === "object" && mapType !== "atomic") {
    const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
    const field = `${path}.items.x-kubernetes-map-type`;
    errors.push(fieldError("FieldValueInvalid", field, detail, mapType ?? null));
  }
  return errors;
}

function validateKeys(schema: JsonObject, path: string): FieldError[] {
  const keys = schema["x-kubernetes-list-map-keys"];
  const field = `${path}.x-kubernetes-list-map-keys`;
  if (!Array.isArray(keys) || keys.length === 0) {
    return [fieldError("FieldValueRequired", field, "must not be empty if x-kubernetes-list-type is map")];
  }
  const items = isJsonObject(schema.items) ? schema.items : {};
  return keys.flatMap((key, index) => {
    const property = propertyOf(items, key);
    if (!property) {
      const detail = "entries must all be names of item properties";
      return [fieldError("FieldValueInvalid", `${field}[${index}]`, detail, key)];
    }
    const required = Array.isArray(items.required) && items.required.includes(key);
    if (required || property.default !== undefined) return [];
    const detail =
      "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
    return [fieldError("FieldValueRequired", `${path}.items.properties[${key}].default`, detail)];
  });
}

function propertyOf(schema: JsonObject, name: Json): JsonObject | undefined {
  const { properties } = schema;
  const property = isJsonObject(properties) && typeof name === "string" ? properties[name] : undefined;
  return isJsonObject(property) ? property : undefined;
}
