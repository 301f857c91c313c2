// How a schema types a value for field management: which fields it has, and whether it is one thing or many.
import type { Schema } from "@slipway/kubernetes";
import { makeSchema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectMetaSchema } from "../../builtin/schemas.ts";
import { keyElement, valueElement } from "../path-element.ts";

/** Untyped below an open map: maps are granular, lists are one thing. */
const deduced = makeSchema({ type: "any", open: true });
const text = makeSchema({ type: "string" });

/** Which of the three walks a value takes. Null takes the walk of the map where the schema leaves it open. */
export function shapeOf(schema: Schema, value: Json | undefined): "map" | "list" | "scalar" {
  if (schema.type === "object" && !isForeign(schema)) return "map";
  if (schema.type === "array") return "list";
  if ((schema.type !== "any" && !isForeign(schema)) || isOpenScalar(schema)) return "scalar";
  if (value === null || value === undefined || isJsonObject(value)) return "map";
  return Array.isArray(value) ? "list" : "scalar";
}

/** What is somebody else's is declared as a map, and may be anything. */
export function isForeign({ typeName }: Schema): boolean {
  return typeName === "runtime.RawExtension";
}

/** A quantity may be text or a number, and nothing else. */
export function isOpenScalar({ typeName }: Schema): boolean {
  return typeName === "api.resource.Quantity";
}

/** Schema of a field; undefined when the type does not have it. */
export function fieldSchema(schema: Schema, name: string): Schema | undefined {
  return declaredField(schema, name) ?? elementSchema(schema);
}

/** Schema of a field that the type lists by name. */
export function declaredField(schema: Schema, name: string): Schema | undefined {
  if (schema.embedded) {
    if (name === "metadata") return objectMetaSchema();
    if (name === "apiVersion" || name === "kind") return text;
  }
  return schema.properties?.get(name);
}

function elementSchema(schema: Schema): Schema | undefined {
  if (typeof schema.additional === "object") return schema.additional;
  return schema.additional || schema.open ? deduced : undefined;
}

/** Schema of a list's items. */
export function itemSchema(schema: Schema): Schema {
  return schema.items ?? deduced;
}

/** A list whose items are told apart by key or value. */
export function isAssociative(schema: Schema): boolean {
  return schema.listType !== "atomic";
}

/** Path element of an item of an associative list, or why it has none. */
export function itemElement(schema: Schema, item: Json): { element: string } | { error: string } {
  if (schema.listType === "map") return keyedElement(schema, item);
  if (isJsonObject(item)) return { error: "associative list without keys has an element that's a map type" };
  if (Array.isArray(item)) return { error: "not supported: associative list with lists as elements" };
  if (item === null) return { error: "associative list without keys has an element that's an explicit null" };
  return { element: valueElement(item) };
}

function keyedElement(schema: Schema, item: Json): { element: string } | { error: string } {
  if (item === null) return { error: "associative list with keys may not have a null element" };
  if (!isJsonObject(item)) return { error: "associative list with keys may not have non-map elements" };
  const keys: JsonObject = {};
  for (const name of schema.listKeys) {
    // A key that is null is said to be that.
    const { [name]: value = schema.items?.properties?.get(name)?.default } = item;
    if (value !== undefined) keys[name] = value;
  }
  if (Object.keys(keys).length > 0) return { element: keyElement(keys) };
  const names = schema.listKeys.map((name) => JSON.stringify(name)).join(" ");
  return {
    error: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  };
}

/** The list, or undefined for null, absent and anything else. */
export function asList(value: Json | undefined): Json[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** The map, or undefined for null, absent and anything else. */
export function asMap(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
