import type { Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { goFieldNames } from "./go-types.ts";

/** A value of a built-in type with its fields as the server writes them: those of structs in Go's order, others sorted. */
export function inGoOrder(value: Json, schema: Schema): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => inGoOrder(item, items)) : value;
  }
  if (!isJsonObject(value)) return value;
  const { properties, additional } = schema;
  const names = goFieldNames(schema);
  const ranks = new Map(["kind", "apiVersion", ...names].map((name, index) => [name, index]));
  const rank = (key: string) => ranks.get(key) ?? ranks.size;
  const keys = Object.keys(value).sort((a, b) => (properties ? rank(a) - rank(b) : a < b ? -1 : 1));
  const other = typeof additional === "object" ? additional : undefined;
  return Object.fromEntries(
    keys.map((key): [string, Json] => {
      const type = properties?.get(key) ?? other;
      const item = value[key] ?? null;
      return [key, type ? inGoOrder(item, type) : item];
    }),
  );
}
