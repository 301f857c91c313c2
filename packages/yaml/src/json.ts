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
