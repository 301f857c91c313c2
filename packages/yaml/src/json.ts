/** A JSON value, the only form in which Kubernetes data travels through Slipway. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. A key that is absent reads as `undefined`; no key holds it. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** True for a map: neither null, scalar nor list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a member; `__proto__` too becomes an ordinary key, which a plain assignment would take for the prototype. */
export function setMember(object: JsonObject, key: string, value: Json | undefined): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
