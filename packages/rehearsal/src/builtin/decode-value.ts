import { canonicalQuantity, type Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { emptyValue } from "../fields/empty-object.ts";
import { base64ErrorAt } from "./base64.ts";
import { readItself } from "./own-decoders.ts";
import { namedSchema } from "./schemas.ts";

/** The state of one walk through an object. */
export interface Decoder {
  /** Steps from the root to the value at hand; printed only when something is wrong with it. */
  readonly path: (string | number)[];
  readonly unknownFields: string[];
  /**
   * Read out of another object, not out of a text: numbers come as Go's, of which a smaller type takes the lower
   * bits, and the path of what is unknown leaves out the keys of maps.
   */
  readonly unstructured: boolean;
  /** Fields are read in the order of their names; where these are numbers, no map here could keep that. */
  readonly sorted: boolean;
}

/** Thrown at a value that its type does not take; what is told of it is looked for from the root. */
export class Misfit extends Error {}

/** A decoder at the root. */
export function createDecoder({ unstructured = false, sorted = false } = {}): Decoder {
  return { path: [], unknownFields: [], unstructured, sorted };
}

/** Reads a map as a struct of the server: only known fields, empty ones as its Go type treats them. */
export function decodeStruct(source: JsonObject, schema: Schema, decoder: Decoder): JsonObject {
  const result: JsonObject = {};
  const properties = schema.properties as ReadonlyMap<string, Schema>;
  const keys = Object.keys(source);
  for (const key of decoder.sorted ? keys.sort() : keys) {
    const value = source[key];
    if (value === undefined) continue;
    const property = properties.get(key);
    decoder.path.push(key);
    if (!property) decoder.unknownFields.push(printPath(decoder.path));
    else if (value !== null) {
      const decoded = decodeValue(value, property, decoder);
      if (!isDropped(decoded, property)) result[key] = decoded;
    }
    decoder.path.pop();
  }
  for (const [key, value] of alwaysWritten(schema)) {
    if (result[key] === undefined) result[key] = typeof value === "object" ? structuredClone(value) : value;
  }
  return result;
}

/** Reads a value of any type. */
export function decodeValue(value: Json, schema: Schema, decoder: Decoder): Json {
  switch (schema.type) {
    case "object":
      return decodeObject(value, schema, decoder);
    case "array":
      return decodeList(value, schema, decoder);
    case "string":
      // Bytes may come as a list of numbers, of which only none is understood here.
      if (schema.limits?.format === "byte" && Array.isArray(value) && value.length === 0) return "";
      if (typeof value !== "string") throw new Misfit();
      return decodeString(value, schema);
    case "integer":
      return decodeInteger(value, schema, decoder);
    case "any":
      return decodeAny(value, schema);
    default:
      if (typeof value !== schema.type) throw new Misfit();
      return value;
  }
}

function decodeInteger(value: Json, schema: Schema, { unstructured }: Decoder): Json {
  if (!Number.isInteger(value)) throw new Misfit();
  if (schema.limits?.format !== "int32" || value === (Number(value) | 0)) return value;
  if (unstructured) return Number(BigInt.asIntN(32, BigInt(Number(value))));
  throw new Misfit();
}

function decodeList(value: Json, schema: Schema, decoder: Decoder): Json {
  if (!Array.isArray(value)) throw new Misfit();
  const { items } = schema;
  if (!items) return value;
  return value.map((item, index) => {
    decoder.path.push(index);
    const decoded = decodeItem(item, items, decoder);
    decoder.path.pop();
    return decoded;
  });
}

function decodeItem(item: Json, schema: Schema, decoder: Decoder): Json {
  if (item !== null) return decodeValue(item, schema, decoder);
  if (schema.type === "object" && schema.properties) return decodeStruct({}, schema, decoder);
  return zeroOf(schema);
}

/** What Go reads null into an item as, which is not a struct. */
function zeroOf({ type, typeName }: Schema): Json {
  switch (type) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "integer":
    case "number":
      return 0;
    default:
      return typeName === "api.resource.Quantity" ? "0" : null;
  }
}

function decodeObject(value: Json, schema: Schema, decoder: Decoder): Json {
  // Kept as it was sent; whoever reads the fields finds out.
  if (schema.typeName === "meta.v1.FieldsV1" || schema.typeName === "runtime.RawExtension") return value;
  if (!isJsonObject(value)) throw new Misfit();
  if (schema.properties) return decodeStruct(value, schema, decoder);
  const type = schema.additional;
  if (typeof type !== "object") return value;
  const result: JsonObject = {};
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    if (!decoder.unstructured) decoder.path.push(key);
    result[key] = decodeItem(item, type, decoder);
    if (!decoder.unstructured) decoder.path.pop();
  }
  return result;
}

/** Types that OpenAPI leaves open: quantities, and the places of a CRD where a schema or something else stands. */
function decodeAny(value: Json, schema: Schema): Json {
  if (schema.typeName === "api.resource.Quantity") {
    const readable = typeof value === "string" || typeof value === "number";
    const quantity = readable ? canonicalQuantity(value) : undefined;
    if (quantity !== undefined) return quantity;
    if (readItself(value, schema)?.error) throw new Misfit();
    // A suffix alone is nothing of it.
    return "0";
  }
  if (readItself(value, schema)?.error) throw new Misfit();
  if (schema.typeName?.startsWith("apiextensions.v1.JSONSchemaPropsOr")) {
    const props = namedSchema("apiextensions.v1.JSONSchemaProps");
    // These types read themselves, and say nothing of fields that they do not know.
    const own = createDecoder();
    if (isJsonObject(value)) return decodeStruct(value, props, own);
    if (schema.typeName.endsWith("OrBool")) {
      if (typeof value !== "boolean") throw new Misfit();
    } else if (!Array.isArray(value)) return null;
    else if (schema.typeName.endsWith("OrArray")) {
      return value.length === 0 ? null : value.map((item) => decodeItem(item, props, own));
    } else if (value.some((item) => typeof item !== "string")) throw new Misfit();
  }
  return value;
}

function decodeString(value: string, schema: Schema): string {
  const format = schema.limits?.format;
  if (format === "date-time") {
    if (readItself(value, schema)?.error) throw new Misfit();
    const text = new Date(value).toISOString();
    return schema.typeName === "meta.v1.MicroTime" ? microTime(value, text) : text.replace(/\.\d+Z$/, "Z");
  }
  if (format === "byte" && base64ErrorAt(value) !== undefined) throw new Misfit();
  return value;
}

function microTime(source: string, utc: string): string {
  const fraction = /\.(\d+)/.exec(source)?.[1] ?? "";
  return utc.replace(/\.\d+Z$/, `.${fraction.padEnd(6, "0").slice(0, 6)}Z`);
}

function isDropped(value: Json, schema: Schema): boolean {
  if (schema.empty !== "drop") return false;
  if (value === "" || value === 0 || value === false || value === null) return true;
  // What becomes of empty lists and maps is decided later: see ./empty-values.
  if (!isJsonObject(value) || !schema.properties) return false;
  for (const _ in value) return false;
  return true;
}

const written = new WeakMap<Schema, [string, Json][]>();

/** Fields that the server's type writes even when nothing is in them. */
function alwaysWritten(schema: Schema): [string, Json][] {
  let fields = written.get(schema);
  if (!fields) {
    fields = [];
    for (const [key, property] of schema.properties ?? []) {
      const value = emptyValue(property);
      if (value !== undefined) fields.push([key, value]);
    }
    written.set(schema, fields);
  }
  return fields;
}

function printPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path) text += typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`;
  return text;
}
