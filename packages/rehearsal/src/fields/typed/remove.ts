// Takes paths out of an object (structured-merge-diff, typed/remove.go).
import type { Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldSet, isEmptyFieldSet } from "../field-set.ts";
import { fieldElement } from "../path-element.ts";
import { fieldSchema, isAssociative, itemElement, itemSchema } from "./shape.ts";

/** The object without the set's paths. What loses all that is in it without being removed itself stays, empty. */
export function removeItems(object: JsonObject, set: FieldSet, schema: Schema): JsonObject {
  if (isEmptyFieldSet(set)) return object;
  const rest = remove(object, set, schema);
  return isJsonObject(rest) ? rest : {};
}

function remove(value: Json, set: FieldSet, schema: Schema): Json {
  if (Array.isArray(value)) return isAssociative(schema) ? removeFromList(value, set, schema) : null;
  if (!isJsonObject(value)) return value;
  return schema.mapType === "atomic" ? null : removeFromMap(value, set, schema);
}

function removeWithin(value: Json, set: FieldSet, schema: Schema): Json {
  const rest = remove(value, set, schema);
  if (rest !== null) return rest;
  return Array.isArray(value) ? [] : isJsonObject(value) ? {} : null;
}

function removeFromList(list: readonly Json[], set: FieldSet, schema: Schema): Json {
  const type = itemSchema(schema);
  const result: Json[] = [];
  let touched = false;
  for (const item of list) {
    const found = itemElement(schema, item);
    const element = "element" in found ? found.element : "";
    if (set.members.has(element)) continue;
    const below = set.children.get(element);
    if (below) touched = true;
    result.push(below ? removeWithin(item, below, type) : item);
  }
  return result.length > 0 || touched ? result : null;
}

function removeFromMap(map: JsonObject, set: FieldSet, schema: Schema): Json {
  const result: JsonObject = {};
  let kept = false;
  for (const [key, value] of Object.entries(map)) {
    const element = fieldElement(key);
    if (value === undefined || set.members.has(element)) continue;
    const below = set.children.get(element);
    const type = below && fieldSchema(schema, key);
    result[key] = below && type ? removeWithin(value, below, type) : value;
    kept = true;
  }
  return kept ? result : null;
}
