import { isJsonObject, type Json } from "@slipway/yaml";
import type { Schema } from "./schema.ts";

/** The keys of an item of a list-map as one text; an absent key counts as absent, whatever its default. */
export function listMapKey(item: Json, schema: Schema): string | undefined {
  if (!isJsonObject(item)) return undefined;
  return JSON.stringify(schema.listKeys.map((name) => item[name] ?? null));
}

/** Finds the item of an old list that a new one continues: by key in list-maps, never in other lists. */
export function oldItemFinder(schema: Schema, old: Json | undefined): (item: Json) => Json | undefined {
  if (schema.listType !== "map" || !Array.isArray(old)) return () => undefined;
  const byKey = new Map<string, Json>();
  for (const item of old) {
    const key = listMapKey(item, schema);
    if (key !== undefined && !byKey.has(key)) byKey.set(key, item);
  }
  return (item) => byKey.get(listMapKey(item, schema) ?? "");
}
