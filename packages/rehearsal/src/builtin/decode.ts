// Reads built-in objects as the API server's Go types do. What a field becomes when it is empty is part of the
// generated schema; defaults come after, from ./defaults.
import {
  canonicalQuantity,
  groupOf,
  type KubernetesObject,
  type ObjectMeta,
  type Schema,
  versionOf,
} from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { emptyValue } from "../fields/empty-object.ts";
import { StatusError } from "../server/status-error.ts";
import { convertSecretData } from "./defaults/secret.ts";
import { applyBuiltinDefaults } from "./defaults.ts";
import { builtinSchema, namedSchema, objectMetaSchema } from "./schemas.ts";

/** What reading a built-in object found: the object as the server holds it, and fields it does not know. */
export interface Decoded {
  readonly object: KubernetesObject;
  /** Paths of unknown fields, already removed: `spec.foo`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads a built-in object as the server's own types do: unknown fields removed, empty ones dropped or written out,
 * quantities in canonical form, and every default filled in. Throws StatusError 400 on a value of the wrong
 * type. Does not change its argument. Objects of kinds that are not built in come back as they are.
 */
export function decodeBuiltin(object: KubernetesObject): Decoded {
  const { apiVersion, kind } = object;
  const schema = builtinSchema(groupOf(apiVersion), versionOf(apiVersion), kind);
  if (!schema) return { object, unknownFields: [] };
  const unknownFields: string[] = [];
  const decoder: Decoder = { unknownFields, refuse: (text) => refuse(object, text) };
  const decoded = decodeStruct(object, schema, "", decoder) as KubernetesObject;
  if (kind === "Secret") convertSecretData(decoded);
  applyBuiltinDefaults(decoded, schema);
  return { object: decoded, unknownFields };
}

/** Reads the metadata of any object, custom resources included. */
export function decodeMetadata(object: KubernetesObject): {
  readonly metadata: ObjectMeta;
  readonly unknownFields: readonly string[];
} {
  const unknownFields: string[] = [];
  const decoder: Decoder = { unknownFields, refuse: (text) => refuse(object, text) };
  const metadata = decodeStruct(object.metadata, objectMetaSchema(), "metadata", decoder) as ObjectMeta;
  return { metadata, unknownFields };
}

interface Decoder {
  readonly unknownFields: string[];
  refuse(text: string): never;
}

function refuse(object: KubernetesObject, text: string): never {
  const { kind, apiVersion } = object;
  const version = versionOf(apiVersion);
  throw new StatusError(
    400,
    "BadRequest",
    `${kind} in version "${version}" cannot be handled as a ${kind}: ${text}`,
  );
}

function decodeStruct(source: JsonObject, schema: Schema, path: string, decoder: Decoder): JsonObject {
  const result: JsonObject = {};
  const properties = schema.properties as ReadonlyMap<string, Schema>;
  for (const key in source) {
    const value = source[key];
    const property = properties.get(key);
    if (value === undefined) continue;
    if (!property) {
      decoder.unknownFields.push(join(path, key));
      continue;
    }
    if (value === null) continue;
    const place = join(path, key);
    const decoded = decodeValue(value, property, { path: place, owner: schema }, decoder);
    if (!isDropped(decoded, property)) result[key] = decoded;
  }
  for (const [key, value] of alwaysWritten(schema)) {
    if (result[key] === undefined) result[key] = typeof value === "object" ? structuredClone(value) : value;
  }
  return result;
}

interface Place {
  readonly path: string;
  /** The struct that holds the value, for messages. */
  readonly owner: Schema;
}

function decodeValue(value: Json, schema: Schema, place: Place, decoder: Decoder): Json {
  if (schema.type === "object") return decodeObject(value, schema, place, decoder);
  if (schema.type === "array") {
    if (!Array.isArray(value)) return mismatch(value, `[]${goName(schema.items)}`, place, decoder);
    const items = schema.items;
    if (!items) return value;
    if (value.length === 0 && schema.empty === "null") return null;
    return value.map((item, index) =>
      decodeItem(item, items, { ...place, path: `${place.path}[${index}]` }, decoder),
    );
  }
  if (schema.type === "any") return decodeAny(value, schema, place, decoder);
  const expected = schema.type === "integer" || schema.type === "number" ? "number" : schema.type;
  if (typeof value !== expected) return mismatch(value, goName(schema), place, decoder);
  if (schema.type === "integer" && !Number.isInteger(value))
    return mismatch(value, goName(schema), place, decoder);
  return schema.type === "string" ? decodeString(value as string, schema, place, decoder) : value;
}

function decodeItem(item: Json, schema: Schema, place: Place, decoder: Decoder): Json {
  if (item !== null) return decodeValue(item, schema, place, decoder);
  // Go reads null into an item as its zero value.
  if (schema.type === "object" && schema.properties) return decodeStruct({}, schema, place.path, decoder);
  return schema.type === "string" ? "" : schema.type === "array" || schema.type === "any" ? null : 0;
}

function decodeObject(value: Json, schema: Schema, place: Place, decoder: Decoder): Json {
  if (!isJsonObject(value)) return mismatch(value, goName(schema), place, decoder);
  if (schema.properties) return decodeStruct(value, schema, place.path, decoder);
  const type = schema.additional;
  if (typeof type !== "object") return value;
  const result: JsonObject = {};
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    result[key] = decodeItem(item, type, { ...place, path: join(place.path, key) }, decoder);
  }
  return result;
}

/** Types that OpenAPI leaves open: quantities, and the places of a CRD where a schema or something else stands. */
function decodeAny(value: Json, schema: Schema, place: Place, decoder: Decoder): Json {
  if (schema.typeName === "api.resource.Quantity") {
    const canonical =
      typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : undefined;
    if (canonical === undefined) {
      return decoder.refuse(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    }
    return canonical;
  }
  if (schema.typeName?.startsWith("apiextensions.v1.JSONSchemaPropsOr")) {
    const props = namedSchema("apiextensions.v1.JSONSchemaProps");
    if (isJsonObject(value)) return decodeStruct(value, props, place.path, decoder);
    if (Array.isArray(value) && schema.typeName.endsWith("OrArray")) {
      return value.map((item) => decodeItem(item, props, place, decoder));
    }
  }
  return value;
}

function decodeString(value: string, schema: Schema, place: Place, decoder: Decoder): string {
  const format = schema.limits?.format;
  if (format === "date-time" && value !== "") {
    const time = Date.parse(value);
    if (Number.isNaN(time)) {
      decoder.refuse(
        `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
      );
    }
    const text = new Date(time).toISOString();
    return schema.typeName === "meta.v1.MicroTime" ? microTime(value, text) : text.replace(/\.\d+Z$/, "Z");
  }
  if (format === "byte" && !/^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/.test(value)) {
    const at = value.search(/[^A-Za-z0-9+/=\r\n]/);
    decoder.refuse(`illegal base64 data at input byte ${at < 0 ? value.length : at} (${place.path})`);
  }
  return value;
}

function microTime(source: string, utc: string): string {
  const fraction = /\.(\d+)/.exec(source)?.[1] ?? "";
  return utc.replace(/\.\d+Z$/, `.${fraction.padEnd(6, "0").slice(0, 6)}Z`);
}

function mismatch(value: Json, expected: string, place: Place, decoder: Decoder): never {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  const struct = place.owner.typeName?.split(".").at(-1) ?? "";
  const what = found === "number" && expected.startsWith("int") ? `number ${value}` : found;
  return decoder.refuse(
    `json: cannot unmarshal ${what} into Go struct field ${struct}.${place.path.replaceAll(/\[\d+\]/g, "")} of type ${expected}`,
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

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
