// Takes paths out of an object (structured-merge-diff, typed/remove.go).
import type { Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldSet, isEmptyFieldSet } from "../field-set.ts";
import { fieldElement } from "../path-element.ts";
import { fieldSchema, isAssociative, itemElement, itemSchema } from "./shape.ts";

/** The object without the set's paths; a map or list that loses everything becomes null. */
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

function removeFromList(list: readonly Json[], set: FieldSet, schema: Schema): Json {
  const type = itemSchema(schema);
  const result: Json[] = [];
  for (const item of list) {
    const found = itemElement(schema, item);
    const element = "element" in found ? found.element : "";
    if (set.members.has(element)) continue;
    const below = set.children.get(element);
    result.push(below ? remove(item, below, type) : item);
  }
  return result.length > 0 ? result : null;
}

function removeFromMap(map: JsonObject, set: FieldSet, schema: Schema): Json {
  const result: JsonObject = {};
  let kept = 0;
  for (const [key, value] of Object.entries(map)) {
    const element = fieldElement(key);
    if (value === undefined || set.members.has(element)) continue;
    const below = set.children.get(element);
    const type = below && fieldSchema(schema, key);
    result[key] = below && type ? remove(value, below, type) : value;
    kept++;
  }
  return kept > 0 ? result : null;
}
