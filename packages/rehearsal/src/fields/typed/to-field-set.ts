// The paths that an object sets (structured-merge-diff, typed/tofieldset.go).
import type { Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { emptyFieldSet, type FieldSet } from "../field-set.ts";
import { fieldElement } from "../path-element.ts";
import {
  asList,
  asMap,
  declaredField,
  fieldSchema,
  isAssociative,
  itemElement,
  itemSchema,
  shapeOf,
} from "./shape.ts";

/**
 * Leaves, items of associative lists, members of open maps and empty maps; named fields that hold something are
 * implied. Undefined stands for "the place itself": a scalar, or an atomic list or map.
 */
function pathsOf(value: Json, schema: Schema): FieldSet | undefined {
  const shape = shapeOf(schema, value);
  if (shape === "scalar") return undefined;
  if (shape === "list") {
    if (!isAssociative(schema)) return undefined;
    const list = asList(value);
    return list ? pathsOfItems(list, schema) : emptyFieldSet;
  }
  if (schema.mapType === "atomic") return undefined;
  const map = asMap(value);
  return map ? pathsOfFields(map, schema) : emptyFieldSet;
}

/** The field set of a whole object. */
export function toFieldSet(object: JsonObject, schema: Schema): FieldSet {
  return pathsOf(object, schema) ?? emptyFieldSet;
}

function pathsOfFields(map: JsonObject, schema: Schema): FieldSet {
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [name, value] of Object.entries(map)) {
    const type = value === undefined ? undefined : fieldSchema(schema, name);
    if (value === undefined || !type) continue;
    const element = fieldElement(name);
    const below = pathsOf(value, type);
    if (!below) members.add(element);
    else {
      if (below.members.size > 0 || below.children.size > 0) children.set(element, below);
      if (isEmptyValue(value) || !declaredField(schema, name)) members.add(element);
    }
  }
  return { members, children };
}

function pathsOfItems(list: readonly Json[], schema: Schema): FieldSet {
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  const type = itemSchema(schema);
  for (const item of list) {
    const found = itemElement(schema, item);
    if ("error" in found) continue;
    // Of duplicates only the place is owned, not what they hold.
    if (members.has(found.element)) {
      children.delete(found.element);
      continue;
    }
    members.add(found.element);
    const below = pathsOf(item, type);
    if (below && (below.members.size > 0 || below.children.size > 0)) children.set(found.element, below);
  }
  return { members, children };
}

function isEmptyValue(value: Json): boolean {
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

/**
 * Adds to the set the named fields that its paths lead through: owning `spec.replicas` is then owning `spec` as
 * well (fieldpath.Set.EnsureNamedFieldsAreMembers).
 */
export function includeNamedFields(set: FieldSet, schema: Schema | undefined): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    let type: Schema | undefined;
    if (element.startsWith("f:") && schema && schema.type !== "array") {
      const name = element.slice(2);
      if (declaredField(schema, name)) members.add(element);
      type = fieldSchema(schema, name);
    } else if (element.startsWith("k:") && schema) type = itemSchema(schema);
    children.set(element, includeNamedFields(child, type));
  }
  return { members, children };
}
