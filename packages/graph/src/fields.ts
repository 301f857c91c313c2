// Reads fields of plain JSON objects by path; whatever has another shape than asked for reads as absent.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/** The value at a path of keys. */
export function valueAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const key of path) {
    if (!isJsonObject(current)) return undefined;
    current = current[key];
  }
  return current;
}

/** The map at a path. */
export function mapAt(value: Json | undefined, ...path: readonly string[]): JsonObject | undefined {
  const found = valueAt(value, ...path);
  return isJsonObject(found) ? found : undefined;
}

/** The text at a path; an empty text is absent. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The maps in the list at a path; none when there is no list. */
export function mapsAt(value: Json | undefined, ...path: readonly string[]): readonly JsonObject[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/** The texts in the list at a path; none when there is no list. */
export function textsAt(value: Json | undefined, ...path: readonly string[]): readonly string[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.filter((item) => typeof item === "string") : [];
}

/** The labels, annotations or selector at a path. */
export function labelsAt(
  value: Json | undefined,
  ...path: readonly string[]
): Readonly<Record<string, string>> {
  const found = mapAt(value, ...path);
  if (!found) return {};
  const labels: Record<string, string> = {};
  for (const [key, label] of Object.entries(found)) if (typeof label === "string") labels[key] = label;
  return labels;
}
