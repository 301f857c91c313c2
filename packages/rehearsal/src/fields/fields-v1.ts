// FieldsV1, the wire form of a field set (meta/v1): nested objects, `.` for a place that is itself a member.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { FieldSet } from "./field-set.ts";
import { comparePathElements } from "./path-element.ts";

/** The set as JSON, its keys in the order in which the server writes them. */
export function encodeFieldsV1(set: FieldSet): JsonObject {
  const result: JsonObject = {};
  const elements = new Set(set.members);
  for (const element of set.children.keys()) elements.add(element);
  for (const element of [...elements].sort(comparePathElements)) {
    const child = set.children.get(element);
    if (!child) result[element] = {};
    else if (set.members.has(element)) result[element] = { ".": {}, ...encodeFieldsV1(child) };
    else result[element] = encodeFieldsV1(child);
  }
  return result;
}

/**
 * Reads what {@link encodeFieldsV1} writes; undefined when that is not what it is. An element with nothing below it is
 * a member.
 */
export function decodeFieldsV1(fields: Json): FieldSet | undefined {
  if (!isJsonObject(fields)) return undefined;
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [element, value] of Object.entries(fields)) {
    // What a newer server may know is passed over (structured-merge-diff fieldpath ErrUnknownPathElementType).
    if (element === "." || !/^[fkvi]:/.test(element)) continue;
    const below = value ?? {};
    const set = decodeFieldsV1(below);
    if (!set || !isJsonObject(below)) return undefined;
    const keys = Object.keys(below);
    if (keys.length === 0 || "." in below) members.add(element);
    if (keys.length > ("." in below ? 1 : 0)) children.set(element, set);
  }
  return { members, children };
}
