import { isJsonObject, type Json } from "@slipway/yaml";

/** A value with the keys of all its maps sorted, as Go writes maps. */
export function inKeyOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]): [string, Json] => [key, inKeyOrder(item ?? null)]));
}
