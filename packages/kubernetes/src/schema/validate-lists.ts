// Sets hold no value twice, list-maps no key (apiextensions schema/listtype).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "./field-error.ts";
import type { Schema } from "./schema.ts";

/** Every repeated item of a set or list-map below a value. */
export function validateLists(value: Json, schema: Schema, path: string): FieldError[] {
  if (Array.isArray(value)) {
    const errors = schema.listType === "atomic" ? [] : findDuplicates(value, schema, path);
    const { items } = schema;
    if (items)
      errors.push(...value.flatMap((item, index) => validateLists(item, items, `${path}[${index}]`)));
    return errors;
  }
  if (!isJsonObject(value)) return [];
  const errors: FieldError[] = [];
  for (const key in value) {
    const item = value[key];
    const property = schema.properties?.get(key);
    const place = path === "" ? key : `${path}.${key}`;
    if (item === undefined) continue;
    if (property) errors.push(...validateLists(item, property, place));
    else if (typeof schema.additional === "object") {
      errors.push(...validateLists(item, schema.additional, `${path}[${key}]`));
    }
  }
  return errors;
}

function findDuplicates(list: readonly Json[], schema: Schema, path: string): FieldError[] {
  const counts = new Map<string, number>();
  const errors: FieldError[] = [];
  for (const [index, item] of list.entries()) {
    const place = `${path}[${index}]`;
    if (schema.listType === "map" && item !== null && !isJsonObject(item)) {
      const detail = "must be an object for an array of list-type map";
      return [fieldError("FieldValueInvalid", place, detail, item)];
    }
    const identity = schema.listType === "map" ? keysOf(item, schema) : item;
    const text = JSON.stringify(identity);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    if (count === 2) errors.push(fieldError("FieldValueDuplicate", place, "", identity));
  }
  return errors;
}

function keysOf(item: Json, schema: Schema): JsonObject {
  const keys: JsonObject = {};
  if (isJsonObject(item))
    for (const name of schema.listKeys) if (item[name] !== undefined) keys[name] = item[name];
  return keys;
}
