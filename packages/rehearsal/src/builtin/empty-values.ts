// What becomes of lists and maps with nothing in them. Go tells one that is empty from one that is not there for as
// long as it has the object in memory; what it writes, and what it stores, has one of both.
import { groupOf, type KubernetesObject, makeSchema, type Schema, versionOf } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { builtinSchema, namedSchema } from "./schemas.ts";

/** The object as its type writes it: without empty lists and maps where these are left out. */
export function asWritten(object: KubernetesObject): KubernetesObject {
  return settle(object, "written");
}

/**
 * The object as its owners are told: as written, but for lists that are owned as a whole, of which the server compares
 * what it has in memory (structured-merge-diff value/listreflect.go).
 */
export function asOwned(object: KubernetesObject): KubernetesObject {
  return settle(object, "owned");
}

/** The object as it comes back from the store: where an empty list or map is always written, it is null as well. */
export function asStored(object: KubernetesObject): KubernetesObject {
  return settle(object, "stored");
}

/** What an object is settled for. */
type Purpose = "written" | "owned" | "stored";

/** Custom resources keep what they say. */
function settle(object: KubernetesObject, purpose: Purpose): KubernetesObject {
  const { apiVersion, kind } = object;
  const schema = builtinSchema(groupOf(apiVersion), versionOf(apiVersion), kind);
  return schema ? (settleValue(object, schema, purpose) as KubernetesObject) : object;
}

/** The same for a part of an object; the value itself where nothing in it changes. */
export function settleValue(value: Json, schema: Schema, purpose: Purpose): Json {
  if (schema.typeName?.startsWith("apiextensions.v1.JSONSchemaPropsOr")) {
    return settleValue(value, schemaOfSchemas(Array.isArray(value)), purpose);
  }
  if (Array.isArray(value)) {
    const { items, listType } = schema;
    if (purpose === "owned" && listType === "atomic") return value;
    if (!items || (items.type !== "object" && items.type !== "array")) return value;
    const settled = value.map((item) => settleValue(item, items, purpose));
    return settled.some((item, index) => item !== value[index]) ? settled : value;
  }
  if (!isJsonObject(value)) return value;
  if (schema.properties) return settleStruct(value, schema, purpose);
  const items = schema.additional;
  if (typeof items !== "object" || (items.type !== "object" && items.type !== "array")) return value;
  return settleEntries(value, (_, item) => settleValue(item, items, purpose));
}

/** A place in a definition where one schema or a list of them stands. */
function schemaOfSchemas(isList: boolean): Schema {
  const props = namedSchema("apiextensions.v1.JSONSchemaProps");
  return isList ? makeSchema({ type: "array", items: props }) : props;
}

function settleStruct(value: JsonObject, schema: Schema, purpose: Purpose): JsonObject {
  return settleEntries(value, (key, item) => {
    const property = schema.properties?.get(key);
    if (!property) return item;
    if (property.empty === "drop" && isEmptyCollection(item, property)) return undefined;
    if (purpose === "stored" && property.empty === "null" && isEmptyCollection(item, property)) return null;
    return settleValue(item, property, purpose);
  });
}

function settleEntries(
  value: JsonObject,
  settleItem: (key: string, item: Json) => Json | undefined,
): JsonObject {
  let result: JsonObject | undefined;
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    const settled = settleItem(key, item);
    if (settled === item) continue;
    result ??= { ...value };
    if (settled === undefined) delete result[key];
    else result[key] = settled;
  }
  return result ?? value;
}

/** Whether a value is a list or a map, not a struct and not what is kept as it was sent, with nothing in it. */
export function isEmptyCollection(value: Json, schema: Schema): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (!isJsonObject(value) || schema.properties || schema.typeName === "runtime.RawExtension") return false;
  for (const _ in value) return false;
  return true;
}
