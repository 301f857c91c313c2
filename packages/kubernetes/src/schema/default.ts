import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { Schema } from "./schema.ts";

/**
 * Fills the schema's defaults into the object, in place. A null where null is not allowed counts as absent: the
 * default takes its place, or it vanishes (apiextensions schema/defaulting). `keepNulls` leaves those that have no
 * default, as server-side apply does.
 */
export function applySchemaDefaults(object: JsonObject, schema: Schema, { keepNulls = false } = {}): void {
  fillValue(object, schema, keepNulls);
}

function fillValue(value: Json, schema: Schema, keepNulls: boolean): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillValue(item, schema.items, keepNulls);
  } else if (isJsonObject(value)) fillMap(value, schema, keepNulls);
}

function fillMap(map: JsonObject, schema: Schema, keepNulls: boolean): void {
  const { properties, additional } = schema;
  for (const name of schema.defaulted) {
    const property = properties?.get(name);
    const old = map[name];
    if (property && (old === undefined || (old === null && !property.nullable))) {
      map[name] = structuredClone(property.default as Json);
    }
  }
  for (const key in map) {
    const value = map[key];
    const type = properties?.get(key) ?? (typeof additional === "object" ? additional : undefined);
    if (value === undefined || !type) continue;
    if (value !== null) fillValue(value, type, keepNulls);
    else if (!type.nullable && !isImplied(schema, key)) {
      if (type.default === undefined) {
        if (!keepNulls) delete map[key];
      } else map[key] = structuredClone(type.default);
    }
  }
}

function isImplied(schema: Schema, key: string): boolean {
  return schema.embedded && (key === "metadata" || key === "apiVersion" || key === "kind");
}
