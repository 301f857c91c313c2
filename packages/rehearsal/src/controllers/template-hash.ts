// The hash that tells one revision of a pod template from another.
import type { Json } from "@slipway/yaml";
import { fnv1a32 } from "../clock/fnv1a.ts";
import { encodeSafely } from "../clock/random.ts";

/**
 * In the form of `pod-template-hash`: decimal digits of a 32 bit FNV-1a, in the letters of generated names.
 * The real controller hashes a Go dump of the template, so the letters differ from a real cluster's; that
 * equal templates share one and others do not is all that depends on it.
 */
export function hashTemplate(template: Json, collisionCount = 0): string {
  const salt = collisionCount > 0 ? String(collisionCount) : "";
  return encodeSafely(String(fnv1a32(canonicalJson(template) + salt)));
}

/** JSON with sorted keys and without absent ones. */
export function canonicalJson(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(",")}}`;
}
