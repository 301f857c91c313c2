// Checks that an object fits its type before it is merged (structured-merge-diff, typed/validate.go).
import type { Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { formatPathElement } from "../path-element.ts";
import { fieldSchema, isAssociative, isForeign, itemElement, itemSchema, shapeOf } from "./shape.ts";

/** What does not fit, as `.spec.foo: field not declared in schema`; empty when all does. */
export function validateTyped(
  value: Json,
  schema: Schema,
  options: { readonly allowDuplicates?: boolean } = {},
): string[] {
  const errors: { path: string; text: string }[] = [];
  walk(value, schema, "");
  return errors.map(({ path, text }) => (path ? `${path}: ${text}` : text));

  function walk(value: Json, schema: Schema, path: string): void {
    const shape = shapeOf(schema, value);
    if (shape === "map") walkMap(value, schema, path);
    else if (shape === "list") walkList(value, schema, path);
    else checkScalar(value, schema, path);
  }

  function walkMap(value: Json, schema: Schema, path: string): void {
    if (value === null) return;
    if (!isJsonObject(value)) {
      fail(path, `expected map, got &{${printValue(value)}}`);
      return;
    }
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const type = fieldSchema(schema, name);
      if (!type) {
        fail(`${path}.${name}`, "field not declared in schema");
        return;
      }
      walk(field, type, `${path}.${name}`);
    }
  }

  function walkList(value: Json, schema: Schema, path: string): void {
    if (value === null) return;
    if (!Array.isArray(value)) {
      fail(path, `expected list, got &{${printValue(value)}}`);
      return;
    }
    const type = itemSchema(schema);
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      if (!isAssociative(schema)) {
        walk(item, type, `${path}[${index}]`);
        continue;
      }
      const found = itemElement(schema, item);
      if ("error" in found) {
        fail(path, `element ${index}: ${found.error}`);
        return;
      }
      const place = formatPathElement(found.element);
      if (seen.has(found.element) && !options.allowDuplicates)
        fail(path, `duplicate entries for key ${place}`);
      seen.add(found.element);
      walk(item, type, `${path}${place}`);
    }
  }

  function checkScalar(value: Json, schema: Schema, path: string): void {
    if (value === null || isForeign(schema)) return;
    if (schema.type === "any" || isFormatted(schema)) {
      if (typeof value === "object") fail(path, `expected any scalar, got &{${printValue(value)}}`);
    } else if (schema.type === "string") {
      if (typeof value !== "string")
        fail(path, `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
    } else if (schema.type === "boolean") {
      if (typeof value !== "boolean") fail(path, `expected boolean, got &{${printValue(value)}}`);
    } else if (typeof value !== "number") {
      fail(path, `expected numeric (int or float), got ${goType(value)}`);
    }
  }

  function fail(path: string, text: string): void {
    errors.push({ path, text });
  }
}

/** Text in a format, a time for instance, has no type of its own (kube-openapi schemaconv convertPrimitive). */
function isFormatted({ type, limits }: Schema): boolean {
  const format = limits?.format ?? "";
  return type === "string" && format !== "" && format !== "byte";
}

/** As Go's `%v` prints a decoded JSON value. */
function printValue(value: Json | undefined): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(printValue).join(" ")}]`;
  if (isJsonObject(value)) return `map[${sortedEntries(value).join(" ")}]`;
  return String(value);
}

/** As Go's `%#v` prints it. */
function goSyntax(value: Json | undefined): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  const shown = entries.map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`);
  return `map[string]interface {}{${shown.join(", ")}}`;
}

function sortedEntries(value: JsonObject): string[] {
  return Object.keys(value)
    .sort()
    .map((key) => `${key}:${printValue(value[key])}`);
}

function goType(value: Json): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (isJsonObject(value)) return "map[string]interface {}";
  return typeof value === "boolean" ? "bool" : "string";
}
