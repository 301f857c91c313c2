// Merges an applied configuration into a live object (structured-merge-diff, typed/merge.go).
import type { Schema } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { asList, asMap, fieldSchema, isAssociative, itemElement, itemSchema, shapeOf } from "./shape.ts";

/** The merged value; undefined when nothing is left. Shares what only one side has. */
export function mergeTyped(
  live: Json | undefined,
  applied: Json | undefined,
  schema: Schema,
): Json | undefined {
  const shape = applied === undefined ? shapeOf(schema, live) : shapeOf(schema, applied);
  // Where the two are of different shapes, the applied one stands.
  const old = live !== undefined && applied !== null && shapeOf(schema, live) !== shape ? undefined : live;
  if (shape === "scalar") return keepApplied(old, applied);
  return shape === "list" ? mergeLists(old, applied, schema) : mergeMaps(old, applied, schema);
}

function keepApplied(live: Json | undefined, applied: Json | undefined): Json | undefined {
  return applied === undefined ? live : applied;
}

function mergeMaps(live: Json | undefined, applied: Json | undefined, schema: Schema): Json | undefined {
  const left = asMap(live);
  const right = asMap(applied);
  const empty = isEmptyMap(left) && isEmptyMap(right);
  if (schema.mapType === "atomic" || empty) return keepApplied(live, applied);
  if (!right) return left;
  const result: JsonObject = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const type = value === undefined ? undefined : fieldSchema(schema, key);
    const merged = type && mergeTyped(left?.[key], value, type);
    if (merged === undefined) delete result[key];
    else result[key] = merged;
  }
  return result;
}

function isEmptyMap(map: JsonObject | undefined): boolean {
  if (map) for (const key in map) if (map[key] !== undefined) return false;
  return true;
}

function mergeLists(live: Json | undefined, applied: Json | undefined, schema: Schema): Json | undefined {
  const left = asList(live) ?? [];
  const right = asList(applied) ?? [];
  if (!isAssociative(schema) || (left.length === 0 && right.length === 0)) return keepApplied(live, applied);
  if (right.length === 0) return left;
  return interleave(indexItems(left, schema), indexItems(right, schema), itemSchema(schema));
}

interface IndexedList {
  readonly elements: string[];
  readonly items: readonly Json[];
  /** First item of each element; null for the ones that occur more than once. */
  readonly byElement: Map<string, Json>;
}

function indexItems(list: readonly Json[], schema: Schema): IndexedList {
  const index: IndexedList = { elements: [], items: [], byElement: new Map() };
  const items: Json[] = [];
  for (const item of list) {
    const found = itemElement(schema, item);
    if ("error" in found) continue;
    index.elements.push(found.element);
    items.push(item);
    index.byElement.set(found.element, index.byElement.has(found.element) ? null : item);
  }
  return { ...index, items };
}

/**
 * Items that only the live list has keep their place relative to their neighbours; the order of the applied list
 * wins for the rest.
 */
function interleave(left: IndexedList, right: IndexedList, type: Schema): Json[] {
  const out: Json[] = [];
  const merged = new Set<string>();
  const shared = right.elements.filter((element) => left.byElement.has(element));
  let next = shared.shift();
  let l = 0;
  let r = 0;
  while (l < left.elements.length || r < right.elements.length) {
    const leftElement = left.elements[l];
    const rightElement = right.elements[r];
    if (leftElement !== undefined && rightElement !== undefined) {
      if (leftElement === rightElement) {
        take(rightElement);
        l++;
        next = shared.shift();
        continue;
      }
      if (right.byElement.has(leftElement) && next !== undefined && next !== leftElement) {
        l++;
        continue;
      }
    }
    if (leftElement !== undefined) {
      if (!right.byElement.has(leftElement)) {
        push(mergeTyped(left.items[l], undefined, type));
        l++;
        continue;
      }
      if (merged.has(leftElement)) l++;
    }
    if (rightElement !== undefined) {
      take(rightElement);
      if (next === rightElement) next = shared.shift();
    }
  }
  return out;

  function take(element: string): void {
    merged.add(element);
    push(mergeTyped(left.byElement.get(element), right.byElement.get(element), type));
    r++;
  }

  function push(item: Json | undefined): void {
    if (item !== undefined) out.push(item);
  }
}
