import type { Json } from "@slipway/yaml";

/**
 * Freezes a JSON value through and through and returns it. A subtree that is frozen already is taken to be
 * frozen below as well, so that a new version of an object which shares most of the old one costs little.
 */
export function freezeJson<T extends Json | undefined>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  if (Array.isArray(value)) for (const item of value) freezeJson(item);
  else for (const key in value) freezeJson((value as { [key: string]: Json | undefined })[key]);
  return value;
}

/** A deep copy of a JSON value that may be changed freely. */
export function cloneJson<T extends Json | undefined>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => cloneJson(item)) as T;
  const copy: { [key: string]: Json | undefined } = {};
  for (const key in value) copy[key] = cloneJson((value as { [key: string]: Json | undefined })[key]);
  return copy as T;
}

/** Whether two JSON values are the same; a key that is `undefined` counts as absent. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalJson(item, b[i]));
  }
  if (Array.isArray(b)) return false;
  let keys = 0;
  for (const key in a) {
    if (a[key] === undefined) continue;
    if (!equalJson(a[key], b[key])) return false;
    keys++;
  }
  for (const key in b) if (b[key] !== undefined) keys--;
  return keys === 0;
}

const texts = new WeakMap<object, string>();

/** The JSON text of a frozen value, written once however many readers ask for it. */
export function frozenText(value: object): string {
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    if (Object.isFrozen(value)) texts.set(value, text);
  }
  return text;
}
