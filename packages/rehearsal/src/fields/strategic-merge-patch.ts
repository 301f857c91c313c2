// Strategic merge patch (apimachinery util/strategicpatch), the patch that kubectl sends for built-in kinds.
import { equalJson, type Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";
import { formatGo } from "./format-go.ts";
import { orderByPatch } from "./patch-order.ts";

const setOrder = "$setElementOrder/";
const deleteFrom = "$deleteFromPrimitiveList/";

/**
 * Applies a strategic merge patch: merge keys, `$patch`, `$setElementOrder`, `$retainKeys`,
 * `$deleteFromPrimitiveList`. Returns a new object; throws StatusError when a directive is malformed (400), lists
 * of lists are to be merged (422), or an item lacks its merge key (500, as the server answers).
 */
export function applyStrategicMergePatch(object: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  return mergeMaps(object, patch, schema);
}

function mergeMaps(original: JsonObject, patch: JsonObject, schema: Schema | undefined): JsonObject {
  if (patch.$patch !== undefined) return followDirective(patch);
  const result = retainKeys(original, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined || key === "$retainKeys") continue;
    if (key.startsWith(setOrder)) checkOrder(key.slice(setOrder.length), value, patch, schema);
    else if (key.startsWith(deleteFrom)) deleteFromList(result, key.slice(deleteFrom.length), value);
    else mergeField(result, key, value, fieldOf(schema, key));
  }
  // Ordering comes last: it sorts what merging has brought together.
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(setOrder)) {
      const name = key.slice(setOrder.length);
      const mergeKey = fieldOf(schema, name)?.patchMergeKey;
      sortList(result, name, value, original, { patch, mergeKey });
    }
  }
  return result;
}

function mergeField(result: JsonObject, key: string, value: Json, schema: Schema | undefined): void {
  const old = result[key];
  if (value === null) delete result[key];
  else if (isJsonObject(value) && isJsonObject(old) && strategyOf(schema) !== "replace") {
    result[key] = mergeMaps(old, value, schema);
  } else if (Array.isArray(value) && Array.isArray(old)) {
    result[key] = strategyOf(schema) === "merge" ? mergeLists(old, value, schema) : value;
  } else if (isJsonObject(value) && isJsonObject(old)) {
    // What is replaced as a whole is taken as it is, whatever it says.
    result[key] = value;
  } else {
    const bare = withoutDirectives(value);
    if (bare === undefined) delete result[key];
    else result[key] = bare;
  }
}

function followDirective(patch: JsonObject): JsonObject {
  const { $patch, ...rest } = patch;
  if ($patch === "replace") return rest;
  if ($patch === "delete") return {};
  throw new StatusError(500, "", `unknown patch type: ${$patch} in map: ${formatGo(patch)}`);
}

/** Drops what the sender does not name, so that one of several exclusive fields can take another's place. */
function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch.$retainKeys;
  if (keys === undefined) return { ...original };
  const bad = new StatusError(400, "BadRequest", "invalid patch format of retainKeys");
  if (!Array.isArray(keys)) throw bad;
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key.startsWith("$");
    if (value !== null && !isDirective && !keys.includes(key)) throw bad;
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => keys.includes(key)));
}

function mergeLists(original: readonly Json[], patch: readonly Json[], schema: Schema | undefined): Json[] {
  if (original.length === 0 && patch.length === 0) return [];
  const [first, ...others] = [...original, ...patch];
  if (Array.isArray(first)) {
    throw new StatusError(
      422,
      "Invalid",
      "the server rejected our request due to an error in our request",
      {},
    );
  }
  if (others.some((item) => goType(item) !== goType(first))) {
    const shown = [original, patch].map((list) => formatGo([...list])).join(" ");
    throw new StatusError(500, "", `list element types are not identical: [${shown}]`);
  }
  if (!isJsonObject(first)) {
    return orderByPatch(unique([...original, ...patch]), patch, original, undefined);
  }
  const key = schema?.patchMergeKey;
  if (!key)
    throw new StatusError(500, "", `cannot merge lists without merge key for ${schema?.typeName ?? "list"}`);
  let kept: Json[] = [...original];
  const changes: JsonObject[] = [];
  let replace = false;
  for (const item of patch) {
    if (!isJsonObject(item)) throw noMergeKey(item, key);
    if (item.$patch === "replace") replace = true;
    else if (item.$patch === "delete") {
      if (item[key] === undefined) throw noMergeKey(item, key);
      kept = kept.filter((old) => !isItem(old, key, item[key]));
    } else if (item.$patch === "merge") {
      throw new StatusError(500, "", "merging lists cannot yet be specified in the patch");
    } else if (item.$patch !== undefined) followDirective(item);
    else changes.push(item);
  }
  if (replace) return changes;
  for (const item of changes) {
    if (item[key] === undefined) throw noMergeKey(item, key);
    const at = kept.findIndex((old) => isItem(old, key, item[key]));
    if (at < 0) kept.push(item);
    else kept[at] = mergeMaps(kept[at] as JsonObject, item, schema?.items);
  }
  return orderByPatch(kept, changes, original, key);
}

/** What Go's reflection calls a value that came from JSON. */
function goType(value: Json | undefined): string {
  if (Array.isArray(value)) return "list";
  if (value === null) return "nil";
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" ? (Number.isInteger(value) ? "int64" : "float64") : typeof value;
}

function noMergeKey(item: Json, key: string): StatusError {
  return new StatusError(500, "", `map: ${formatGo(item)} does not contain declared merge key: ${key}`);
}

function isItem(item: Json, key: string, value: Json | undefined): boolean {
  return isJsonObject(item) && equalJson(item[key], value);
}

function deleteFromList(result: JsonObject, key: string, value: Json): void {
  if (!Array.isArray(value)) {
    throw new StatusError(400, "BadRequest", "invalid patch format of primitive list");
  }
  const list = result[key];
  if (Array.isArray(list)) result[key] = list.filter((item) => !value.some((gone) => equalJson(gone, item)));
}

/** Checks an order directive against the list that the same patch sends. */
function checkOrder(key: string, order: Json, patch: JsonObject, schema: Schema | undefined): void {
  const bad = new StatusError(400, "BadRequest", "invalid patch format of setElementOrder list");
  if (!Array.isArray(order)) throw bad;
  const list = patch[key];
  if (!Array.isArray(list)) return;
  const mergeKey = fieldOf(schema, key)?.patchMergeKey;
  const named = list.filter((item) => !(isJsonObject(item) && item.$patch !== undefined));
  let at = 0;
  for (const item of named) {
    while (at < order.length && !sameItem(order[at] as Json, item, mergeKey)) at++;
    if (at++ >= order.length) throw bad;
  }
}

function sortList(
  result: JsonObject,
  key: string,
  order: Json | undefined,
  original: JsonObject,
  { patch, mergeKey }: { readonly patch: JsonObject; readonly mergeKey: string | undefined },
): void {
  const list = result[key];
  const before = Array.isArray(original[key]) ? original[key] : [];
  const changes = Array.isArray(patch[key]) ? patch[key] : [];
  if (!Array.isArray(list) || !Array.isArray(order)) return;
  if (mergeKey !== undefined) checkKeys(order, list, mergeKey);
  result[key] = orderByPatch(list, order, serverOrder(before, changes, mergeKey), mergeKey);
}

/** What orders the items of a list names each by its merge key. */
function checkKeys(order: readonly Json[], list: readonly Json[], mergeKey: string): void {
  const wrong = order.findIndex((one) => !isJsonObject(one));
  // The items are looked for first, and what comes behind the last of them is not looked at.
  const found = (item: Json) => order.findIndex((one) => isJsonObject(one) && sameItem(one, item, mergeKey));
  for (const at of wrong < 0 ? [] : list.map(found)) {
    if (at < 0 || at > wrong) throw new StatusError(500, "", `value for key ${wrong} is not a map`);
  }
  for (const one of order) {
    if (!isJsonObject(one)) {
      const type = one === null ? "%!s(<nil>)" : Array.isArray(one) ? "[]interface {}" : goType(one);
      throw new StatusError(500, "", `expected a map[string]interface {}, but received a ${type}`);
    }
    if (one[mergeKey] === undefined) throw noMergeKey(one, mergeKey);
  }
}

/** The server's order: what is left of the old list, and new items in the places of removed ones. */
function serverOrder(
  before: readonly Json[],
  changes: readonly Json[],
  mergeKey: string | undefined,
): Json[] {
  const isRemoval = (item: Json) => isJsonObject(item) && item.$patch === "delete";
  const knows = (list: readonly Json[], item: Json) => list.some((other) => sameItem(other, item, mergeKey));
  const kept = before.filter((item) => !knows(changes.filter(isRemoval), item));
  const added = changes.filter((item) => !isRemoval(item) && !knows(kept, item));
  return [...kept, ...added].slice(0, before.length);
}

function sameItem(a: Json, b: Json, key: string | undefined): boolean {
  return key !== undefined && isJsonObject(a) && isJsonObject(b)
    ? equalJson(a[key], b[key])
    : equalJson(a, b);
}

/** The value without any directive in it; undefined when it is nothing but one. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    return value.map(withoutDirectives).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) return value;
  if (value.$patch !== undefined) return undefined;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || item === null || key.startsWith("$")) continue;
    const bare = withoutDirectives(item);
    if (bare !== undefined) result[key] = bare;
  }
  return result;
}

function unique(list: readonly Json[]): Json[] {
  return list.filter((item, index) => list.findIndex((other) => equalJson(other, item)) === index);
}

function strategyOf(schema: Schema | undefined): string | undefined {
  return schema?.patchStrategy.find((strategy) => strategy !== "retainKeys");
}

function fieldOf(schema: Schema | undefined, key: string): Schema | undefined {
  return (
    schema?.properties?.get(key) ?? (typeof schema?.additional === "object" ? schema.additional : undefined)
  );
}
