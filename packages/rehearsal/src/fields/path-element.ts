// One step of a field path, in the notation of FieldsV1: `f:name`, `k:{"name":"x"}`, `v:"x"`, `i:0`.
// The notation is canonical, so two elements are the same when their strings are.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/** A field by name. */
export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** An item of an associative list, by its keys. */
export function keyElement(keys: JsonObject): string {
  const sorted: JsonObject = {};
  for (const name of Object.keys(keys).sort()) sorted[name] = keys[name];
  return `k:${JSON.stringify(sorted)}`;
}

/** A member of a set. */
export function valueElement(value: Json): string {
  return `v:${JSON.stringify(value)}`;
}

const ranks: Record<string, number> = { f: 0, k: 1, v: 2, i: 3 };

/** The order of structured-merge-diff: fields, keys, values, indices; each by its content. */
export function comparePathElements(a: string, b: string): number {
  const rank = (ranks[a[0] as string] as number) - (ranks[b[0] as string] as number);
  if (rank !== 0) return rank;
  if (a.startsWith("f:")) return compareText(a, b);
  return compareValues(parse(a), parse(b));
}

/** As messages print it: `.name`, `[name="x"]`, `[="x"]`, `[0]`. */
export function formatPathElement(element: string): string {
  if (element.startsWith("f:")) return `.${element.slice(2)}`;
  if (element.startsWith("i:")) return `[${element.slice(2)}]`;
  const value = parse(element);
  if (element.startsWith("v:")) return `[=${formatValue(value)}]`;
  const keys = isJsonObject(value) ? Object.entries(value) : [];
  return `[${keys.map(([name, key]) => `${name}=${formatValue(key ?? null)}`).join(",")}]`;
}

function formatValue(value: Json): string {
  return JSON.stringify(value);
}

function parse(element: string): Json {
  return JSON.parse(element.slice(2)) as Json;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const kindRanks = ["number", "string", "boolean", "object"];

function compareValues(a: Json, b: Json): number {
  const rank = kindRanks.indexOf(typeof a) - kindRanks.indexOf(typeof b);
  if (rank !== 0) return rank;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (isJsonObject(a) && isJsonObject(b)) return compareKeys(a, b);
  return compareText(String(a), String(b));
}

function compareKeys(a: JsonObject, b: JsonObject): number {
  const left = Object.entries(a);
  const right = Object.entries(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [aName, aValue] = left[i] as [string, Json];
    const [bName, bValue] = right[i] as [string, Json];
    const order = compareText(aName, bName) || compareValues(aValue, bValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
