import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { Schema } from "./schema.ts";

/**
 * Removes the fields that the schema does not know, in place, and returns their paths (`spec.foo`,
 * `spec.list[0].bar`) for field validation: the server warns or refuses with `unknown field "spec.foo"`
 * (apiextensions schema/pruning).
 */
export function pruneUnknownFields(object: JsonObject, schema: Schema): string[] {
  const unknown: string[] = [];
  prune(object, schema, "");
  return unknown;

  function prune(value: Json, schema: Schema | undefined, path: string): void {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) prune(item, schema?.items, `${path}[${index}]`);
    } else if (isJsonObject(value)) pruneMap(value, schema, path);
  }

  function pruneMap(map: JsonObject, schema: Schema | undefined, path: string): void {
    for (const key in map) {
      const value = map[key];
      if (value === undefined || (schema?.embedded && implied.has(key))) continue;
      const place = path === "" ? key : `${path}.${key}`;
      const property = schema?.properties?.get(key);
      const additional = schema?.additional;
      if (property) prune(value, property, place);
      else if (typeof additional === "object") prune(value, additional, place);
      else if (schema?.preserveUnknown) continue;
      else if (additional) prune(value, undefined, place);
      else {
        delete map[key];
        unknown.push(place);
      }
    }
  }
}

const implied = new Set(["apiVersion", "kind", "metadata"]);
