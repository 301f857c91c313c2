// What the converter of unstructured objects says of one that does not fit its type (apimachinery
// runtime/converter.go), which strategic merge patches and server-side apply go through.
import type { Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { decodingError } from "./decoding-error.ts";
import { goField, goFieldNames, goItemType, goName } from "./go-types.ts";
import { readItself } from "./own-decoders.ts";

/** The first error in the order of Go's fields; undefined when the value fits. */
export function conversionError(value: Json, schema: Schema): string | undefined {
  return convert(value, schema, goName(schema));
}

function convert(value: Json, schema: Schema, type: string): string | undefined {
  if (value === null) return undefined;
  const isOpen = schema.type === "any" || readItself(value, schema) !== undefined;
  // Types that read themselves are given the value as JSON.
  if (isOpen) return decodingError(value, schema);
  const kind = kindOf(value);
  if (schema.properties) {
    return isJsonObject(value) ? convertStruct(value, schema) : `cannot restore struct from: ${kind}`;
  }
  if (schema.type === "object") {
    if (!isJsonObject(value)) return `cannot restore map from ${kind}`;
    const items = schema.additional;
    if (typeof items !== "object") return undefined;
    return first(Object.values(value), (item) => convert(item ?? null, items, goItemType(type, items)));
  }
  if (schema.type === "array") {
    if (!Array.isArray(value)) return `cannot restore slice from ${kind}`;
    const { items } = schema;
    return items && first(value, (item) => convert(item, items, goItemType(type, items)));
  }
  if (schema.limits?.format === "byte") return convertBytes(value, schema, kind);
  return convertScalar(value, schema, type);
}

function convertStruct(value: Record<string, Json | undefined>, schema: Schema): string | undefined {
  return first(goFieldNames(schema), (key) => {
    const property = schema.properties?.get(key);
    return property && convert(value[key] ?? null, property, goField(schema, key, property).type);
  });
}

function convertBytes(value: Json, schema: Schema, kind: string): string | undefined {
  if (typeof value !== "string") return `cannot restore slice from ${kind}`;
  const text = decodingError(value, schema);
  return text && `error decoding from json: ${text}`;
}

/** What Go's reflection converts into one another, and what of that is meant. */
function convertScalar(value: Json, schema: Schema, type: string): string | undefined {
  const target = scalarKind(schema);
  const source = kindOf(value);
  if (source === target) return undefined;
  const isNumeric = /^(?:u?int|float)\d*$/.test(target);
  const isWhole = Number.isInteger(value);
  if (typeof value === "number" && isNumeric && isWhole) return undefined;
  const convertible = typeof value === "number" && (isNumeric || isWhole) && target !== "bool";
  return convertible ? `cannot convert ${source} to ${type}` : `unrecognized type: ${target}`;
}

/** The kind of a value that came from JSON. */
function kindOf(value: Json): string {
  if (Array.isArray(value)) return "slice";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "map";
}

function scalarKind({ type, limits }: Schema): string {
  if (type === "integer") return limits?.format ?? "int64";
  if (type === "number") return "float64";
  return type === "boolean" ? "bool" : "string";
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
