import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "../field-error.ts";
import { mustBe } from "./validate-open-api.ts";

/** Whether `x-kubernetes-list-type` fits the schema, and the keys of a list-map its items. */
export function validateListType(schema: JsonObject, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"] ?? undefined;
  const errors: FieldError[] = [];
  const items = isJsonObject(schema.items) ? schema.items : undefined;
  const field = `${path}.x-kubernetes-list-type`;
  if (listType !== undefined && schema.type !== "array") {
    errors.push(mustBe("array", "x-kubernetes-list-type", schema, path));
  } else if (listType === "set" && items) errors.push(...validateSetItems(items, path));
  if (listType !== undefined && listType !== "atomic" && listType !== "set" && listType !== "map") {
    const detail = 'supported values: "atomic", "set", "map"';
    errors.push(fieldError("FieldValueNotSupported", field, detail, listType));
  }
  if (keysOf(schema).length > 0 && listType !== "map") {
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    errors.push(
      listType === undefined
        ? fieldError("FieldValueRequired", field, detail)
        : fieldError("FieldValueInvalid", field, detail, listType),
    );
  }
  if (listType === "map") errors.push(...validateKeys(schema, path));
  if (items && (listType === "map" || listType === "set")) {
    errors.push(...validateItems(schema, items, path));
  }
  return errors;
}

/** What is in a set is compared as a whole, and so must be what is changed as a whole. */
function validateSetItems(items: JsonObject, path: string): FieldError[] {
  const [key] = items.type === "array" ? ["x-kubernetes-list-type"] : ["x-kubernetes-map-type"];
  if (items.type !== "array" && items.type !== "object") return [];
  const value = items[key] ?? null;
  if (value === "atomic" || (items.type === "array" && value === null)) return [];
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  // The server prints the list type of the items in both cases.
  const shown = items["x-kubernetes-list-type"] ?? null;
  return [fieldError("FieldValueInvalid", `${path}.items.${key}`, detail, shown)];
}

function validateKeys(schema: JsonObject, path: string): FieldError[] {
  const keys = keysOf(schema);
  const field = `${path}.x-kubernetes-list-map-keys`;
  const errors: FieldError[] = [];
  if (keys.length === 0) {
    const detail = "must not be empty if x-kubernetes-list-type is map";
    errors.push(fieldError("FieldValueRequired", field, detail));
  }
  const items = isJsonObject(schema.items) ? schema.items : undefined;
  if (!items) {
    const detail = "must have a schema if x-kubernetes-list-type is map";
    return [...errors, fieldError("FieldValueRequired", `${path}.items`, detail)];
  }
  if (items.type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    return [...errors, fieldError("FieldValueInvalid", `${path}.items.type`, detail, items.type ?? "")];
  }
  for (const [index, key] of keys.entries()) {
    const property = propertyOf(items, key);
    if (property?.type === "array" || property?.type === "object") {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      // The server prints the type of the items, not that of the key.
      const place = `${path}.items.properties[${String(key)}].type`;
      errors.push(fieldError("FieldValueInvalid", place, detail, items.type));
    }
    if (!property) {
      const detail = "entries must all be names of item properties";
      errors.push(fieldError("FieldValueInvalid", field, detail, keys));
    }
    if (keys.indexOf(key) < index) {
      errors.push(fieldError("FieldValueInvalid", field, "must not contain duplicate entries", keys));
    }
  }
  return errors;
}

/** Items of sets and list-maps, and what tells those of a list-map apart, are always there. */
function validateItems(schema: JsonObject, items: JsonObject, path: string): FieldError[] {
  const listType = String(schema["x-kubernetes-list-type"]);
  const errors: FieldError[] = [];
  if (items.nullable === true) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
    errors.push(fieldError("FieldValueForbidden", `${path}.items.nullable`, detail));
  }
  if (listType !== "map") return errors;
  const required = Array.isArray(items.required) ? items.required : [];
  for (const key of keysOf(schema)) {
    const property = propertyOf(items, key);
    const place = `${path}.items.properties[${String(key)}]`;
    if (!property) continue;
    if (!required.includes(key) && (property.default ?? null) === null) {
      const detail =
        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
      errors.push(fieldError("FieldValueRequired", `${place}.default`, detail));
    }
    if (property.nullable === true) {
      const detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
      errors.push(fieldError("FieldValueForbidden", `${place}.nullable`, detail));
    }
  }
  return errors;
}

function keysOf(schema: JsonObject): Json[] {
  const keys = schema["x-kubernetes-list-map-keys"];
  return Array.isArray(keys) ? keys : [];
}

function propertyOf(schema: JsonObject, name: Json): JsonObject | undefined {
  const { properties } = schema;
  const property = isJsonObject(properties) && typeof name === "string" ? properties[name] : undefined;
  return isJsonObject(property) ? property : undefined;
}
