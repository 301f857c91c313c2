import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/** Fills the defaults of one API type into a value of that type, in place. */
export type DefaultHook = (value: JsonObject) => void;

/** Sets a field that is absent; an empty text that is still there after decoding is one that a pointer leads to. */
export function fill(object: JsonObject, key: string, value: Json): void {
  object[key] ??= value;
}

/** Sets a text that is always written, and empty where nothing was said. */
export function fillText(object: JsonObject, key: string, value: string): void {
  object[key] ||= value;
}

/** The map under a key; an empty one is put there when there is none. */
export function fillMap(object: JsonObject, key: string): JsonObject {
  const old = object[key];
  if (isJsonObject(old)) return old;
  const map: JsonObject = {};
  object[key] = map;
  return map;
}

/** Puts a copy of `entries` where there is no map under the key, or an empty one. */
export function fillEmptyMap(object: JsonObject, key: string, entries: JsonObject): void {
  if (Object.keys(fillMap(object, key)).length === 0) object[key] = { ...entries };
}

/** The maps in the list under a key. */
export function items(object: JsonObject, key: string): JsonObject[] {
  const list = object[key];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** The map under a key, when there is one. */
export function mapAt(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isJsonObject(value) ? value : undefined;
}
