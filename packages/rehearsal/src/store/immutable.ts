import { type Json, type JsonObject, setMember } from "@slipway/yaml";

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
  const copy: JsonObject = {};
  for (const key in value) setMember(copy, key, cloneJson((value as JsonObject)[key]));
  return copy as T;
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
