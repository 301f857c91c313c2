// Which paths differ between two states of an object (structured-merge-diff, typed/compare.go).
import { equalJson, type Schema } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { type FieldSet, FieldSetBuilder } from "../field-set.ts";
import { fieldElement } from "../path-element.ts";

import { asList, asMap, fieldSchema, isAssociative, itemElement, itemSchema, shapeOf } from "./shape.ts";

/** Paths by what happened to them. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** Compares two states of one object. */
export function compareTyped(before: JsonObject, after: JsonObject, schema: Schema): Comparison {
  const added = new FieldSetBuilder();
  const removed = new FieldSetBuilder();
  const modified = new FieldSetBuilder();
  const path: string[] = [];
  walk(before, after, schema);
  return { added: added.build(), removed: removed.build(), modified: modified.build() };

  function walk(before: Json | undefined, after: Json | undefined, schema: Schema): void {
    if (before === after) return;
    if (before === undefined || after === undefined) {
      const leaf = walkAs(shapeOf(schema, before ?? after), before, after, schema);
      if (!leaf) (before === undefined ? added : removed).insert(path);
      return;
    }
    const oldShape = shapeOf(schema, before);
    const newShape = shapeOf(schema, after);
    if (oldShape !== newShape) walkAs(oldShape, before, after, schema);
    walkAs(newShape, before, after, schema);
  }

  /** True when the place is a leaf and has been dealt with as one. */
  function walkAs(shape: string, before: Json | undefined, after: Json | undefined, schema: Schema): boolean {
    if (shape === "scalar") return markLeaf(before, after);
    if (shape === "list") {
      const left = asList(before) ?? [];
      const right = asList(after) ?? [];
      if (!isAssociative(schema) || (left.length === 0 && right.length === 0)) return markLeaf(before, after);
      walkItems(left, right, schema);
      return false;
    }
    const left = asMap(before) ?? {};
    const right = asMap(after) ?? {};
    if (schema.mapType === "atomic" || (isEmpty(left) && isEmpty(right))) return markLeaf(before, after);
    walkFields(left, right, schema);
    return false;
  }

  function walkFields(left: JsonObject, right: JsonObject, schema: Schema): void {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const type = left[key] === right[key] ? undefined : fieldSchema(schema, key);
      if (type) descend(fieldElement(key), left[key], right[key], type);
    }
  }

  function walkItems(left: readonly Json[], right: readonly Json[], schema: Schema): void {
    const type = itemSchema(schema);
    const olds = groupItems(left, schema);
    const news = groupItems(right, schema);
    for (const element of new Set([...olds.keys(), ...news.keys()])) {
      const before = olds.get(element) ?? [];
      const after = news.get(element) ?? [];
      if (before.length <= 1 && after.length <= 1) descend(element, before[0], after[0], type);
      else if (before.length > 1 && after.length > 1) {
        if (!equalJson(before, after)) modified.insert([...path, element]);
      } else if (before.length > 1) {
        if (after.length > 0) descend(element, undefined, after[0], type);
        removed.insert([...path, element]);
      } else {
        if (before.length > 0) descend(element, before[0], undefined, type);
        added.insert([...path, element]);
      }
    }
  }

  function descend(element: string, before: Json | undefined, after: Json | undefined, schema: Schema): void {
    path.push(element);
    walk(before, after, schema);
    path.pop();
  }

  function markLeaf(before: Json | undefined, after: Json | undefined): true {
    if (before === undefined) added.insert(path);
    else if (after === undefined) removed.insert(path);
    else if (!equalJson(before, after)) modified.insert(path);
    return true;
  }
}

function groupItems(list: readonly Json[], schema: Schema): Map<string, Json[]> {
  const groups = new Map<string, Json[]>();
  for (const item of list) {
    const found = itemElement(schema, item);
    if ("error" in found) continue;
    const group = groups.get(found.element);
    if (group) group.push(item);
    else groups.set(found.element, [item]);
  }
  return groups;
}

function isEmpty(map: JsonObject): boolean {
  for (const key in map) if (map[key] !== undefined) return false;
  return true;
}
