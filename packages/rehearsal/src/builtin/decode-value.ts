import { canonicalQuantity, type Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { emptyValue } from "../fields/empty-object.ts";
import { namedSchema } from "./schemas.ts";

/** The state of one walk through an object. */
export interface Decoder {
  /** Steps from the root to the value at hand; printed only when something is wrong with it. */
  readonly path: (string | number)[];
  readonly unknownFields: string[];
  /** The struct that holds the value at hand, for messages. */
  owner: Schema | undefined;
  /** The value at hand stands under a key of a map. */
  inMap: boolean;
  /** How many of the path's first steps are not told of a value of the wrong type. */
  readonly hidden: number;
  refuse(text: string): never;
}

/** A decoder at the root; `refuse` throws what a value of the wrong type is refused with. */
export function createDecoder(refuse: (text: string) => never, hidden = 0): Decoder {
  return { path: [], unknownFields: [], owner: undefined, inMap: false, hidden, refuse };
}

/** Reads a map as a struct of the server: only known fields, empty ones as its Go type treats them. */
export function decodeStruct(source: JsonObject, schema: Schema, decoder: Decoder): JsonObject {
  const result: JsonObject = {};
  const properties = schema.properties as ReadonlyMap<string, Schema>;
  const owner = decoder.owner;
  decoder.owner = schema;
  for (const key in source) {
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
  decoder.owner = owner;
  for (const [key, value] of alwaysWritten(schema)) {
    if (result[key] === undefined) result[key] = typeof value === "object" ? structuredClone(value) : value;
  }
  return result;
}

function decodeValue(value: Json, schema: Schema, decoder: Decoder): Json {
  switch (schema.type) {
    case "object":
      return decodeObject(value, schema, decoder);
    case "array":
      return decodeList(value, schema, decoder);
    case "string":
      return typeof value === "string"
        ? decodeString(value, schema, decoder)
        : mismatch(value, schema, decoder);
    case "integer":
      return isInteger(value, schema) ? value : mismatch(value, schema, decoder);
    case "any":
      return decodeAny(value, schema, decoder);
    default:
      return typeof value === schema.type ? value : mismatch(value, schema, decoder);
  }
}

function isInteger(value: Json, schema: Schema): boolean {
  if (!Number.isInteger(value)) return false;
  return schema.limits?.format !== "int32" || (Number(value) <= 0x7fffffff && Number(value) >= -0x80000000);
}

function decodeList(value: Json, schema: Schema, decoder: Decoder): Json {
  if (!Array.isArray(value)) return mismatch(value, schema, decoder);
  const { items } = schema;
  if (!items) return value;
  if (value.length === 0 && schema.empty === "null") return null;
  return value.map((item, index) => {
    decoder.path.push(index);
    const decoded = decodeItem(item, items, decoder);
    decoder.path.pop();
    return decoded;
  });
}

function decodeItem(item: Json, schema: Schema, decoder: Decoder): Json {
  if (item !== null) return decodeValue(item, schema, decoder);
  // Go reads null into an item as its zero value.
  if (schema.type === "object" && schema.properties) return decodeStruct({}, schema, decoder);
  return schema.type === "string" ? "" : schema.type === "array" || schema.type === "any" ? null : 0;
}

function decodeObject(value: Json, schema: Schema, decoder: Decoder): Json {
  if (!isJsonObject(value)) return mismatch(value, schema, decoder);
  if (schema.properties) return decodeStruct(value, schema, decoder);
  const type = schema.additional;
  if (typeof type !== "object") return value;
  const result: JsonObject = {};
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    decoder.path.push(key);
    decoder.inMap = !type.properties;
    result[key] = decodeItem(item, type, decoder);
    decoder.inMap = false;
    decoder.path.pop();
  }
  return result;
}

/** Types that OpenAPI leaves open: quantities, and the places of a CRD where a schema or something else stands. */
function decodeAny(value: Json, schema: Schema, decoder: Decoder): Json {
  if (schema.typeName === "api.resource.Quantity") {
    const readable = typeof value === "string" || typeof value === "number";
    return (
      (readable ? canonicalQuantity(value) : undefined) ??
      decoder.refuse(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      )
    );
  }
  if (schema.typeName?.startsWith("apiextensions.v1.JSONSchemaPropsOr")) {
    const props = namedSchema("apiextensions.v1.JSONSchemaProps");
    if (isJsonObject(value)) return decodeStruct(value, props, decoder);
    if (Array.isArray(value) && schema.typeName.endsWith("OrArray")) {
      return value.map((item) => decodeItem(item, props, decoder));
    }
  }
  return value;
}

function decodeString(value: string, schema: Schema, decoder: Decoder): string {
  const format = schema.limits?.format;
  if (format === "date-time" && value !== "") {
    const time = Date.parse(value);
    const shown = JSON.stringify(value);
    if (Number.isNaN(time)) {
      decoder.refuse(`parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`);
    }
    const text = new Date(time).toISOString();
    return schema.typeName === "meta.v1.MicroTime" ? microTime(value, text) : text.replace(/\.\d+Z$/, "Z");
  }
  if (format === "byte" && !/^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/.test(value)) {
    const at = value.search(/[^A-Za-z0-9+/=\r\n]/);
    decoder.refuse(`illegal base64 data at input byte ${at < 0 ? value.length : at}`);
  }
  return value;
}

function microTime(source: string, utc: string): string {
  const fraction = /\.(\d+)/.exec(source)?.[1] ?? "";
  return utc.replace(/\.\d+Z$/, `.${fraction.padEnd(6, "0").slice(0, 6)}Z`);
}

function mismatch(value: Json, schema: Schema, decoder: Decoder): never {
  const expected = goName(schema);
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  const struct = decoder.owner?.typeName?.split(".").at(-1) ?? "";
  // Go names the field of the struct, not the key of a map that it holds.
  const steps = decoder.inMap ? decoder.path.slice(0, -1) : decoder.path;
  const path = steps
    .slice(decoder.hidden)
    .filter((step) => typeof step === "string")
    .join(".");
  const what = found === "number" && expected.startsWith("int") ? `number ${value}` : found;
  return decoder.refuse(
    `json: cannot unmarshal ${what} into Go struct field ${struct}.${path} of type ${expected}`,
  );
}

/** As Go names the type, near enough for a message. */
function goName(schema: Schema | undefined): string {
  if (!schema) return "interface {}";
  if (schema.typeName) return schema.typeName.split(".").slice(-2).join(".");
  if (schema.type === "integer") return schema.limits?.format ?? "int64";
  if (schema.type === "number") return "float64";
  if (schema.type === "boolean") return "bool";
  if (schema.type === "object") {
    return `map[string]${typeof schema.additional === "object" ? goName(schema.additional) : "interface {}"}`;
  }
  return schema.type === "array" ? `[]${goName(schema.items)}` : "string";
}

function isDropped(value: Json, schema: Schema): boolean {
  if (schema.empty !== "drop") return false;
  if (value === "" || value === 0 || value === false || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isJsonObject(value)) return false;
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
