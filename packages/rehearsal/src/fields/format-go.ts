import { isJsonObject, type Json } from "@slipway/yaml";

/** A value as Go's `%v` prints it: `map[image:x ports:[map[port:80]]]`, keys sorted. */
export function formatGo(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(formatGo).join(" ")}]`;
  if (!isJsonObject(value)) return value === null || value === undefined ? "<nil>" : String(value);
  const keys = Object.keys(value).sort();
  return `map[${keys.map((key) => `${key}:${formatGo(value[key])}`).join(" ")}]`;
}
