// Objects in the API's protobuf form, which kubectl from 1.32 on sends for built-in kinds
// (apimachinery runtime/serializer/protobuf; the field numbers are those of the API's generated.proto).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { badRequest } from "../status-errors.ts";
import { type ProtobufField, readMessage } from "./wire.ts";

/** What precedes a message: `k8s` and a zero byte. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

interface FieldType {
  readonly name: string;
  /** The field's own fields stand beside those around it. */
  readonly inline: boolean;
  readonly repeated: boolean;
  readonly map: boolean;
  /** s string, x bytes, b boolean, i integer, d double, m message. */
  readonly code: string;
  readonly message: string;
}

/**
 * Reads an object. Fields that Go writes although they hold nothing (`""`, `0`, `{}`) come out as they are;
 * whoever decodes the object's kind drops them. Throws a StatusError 400 on anything that is no such object.
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(MAGIC))
    throw badRequest("provided data does not appear to be a protobuf message");
  const unknown = readMessage(body.subarray(4));
  const typeMeta = readMessage(bytesOf(unknown, 1));
  const apiVersion = bytesOf(typeMeta, 1).toString();
  const kind = bytesOf(typeMeta, 2).toString();
  const type = messageOf(apiVersion, kind);
  if (!type)
    throw badRequest(`no protobuf form is known of ${kind} in version ${JSON.stringify(apiVersion)}`);
  return { ...decodeMessage(type, bytesOf(unknown, 2)), apiVersion, kind };
}

/** `apps/v1` Deployment is `apps.v1.Deployment`: the group's first label stands for it. */
function messageOf(apiVersion: string, kind: string): string | undefined {
  const [version, group = "core"] = apiVersion.split("/").reverse();
  const found = [`${group.split(".")[0]}.${version}.${kind}`, `meta.v1.${kind}`];
  return found.find((name) => name in fieldNumbers());
}

function decodeMessage(type: string, body: Buffer): JsonObject {
  const fields = fieldsOf(type);
  const object: JsonObject = {};
  for (const entry of readMessage(body)) {
    const field = fields.get(entry.number);
    if (!field) continue;
    if (field.map) {
      const [key, value] = decodeEntry(field, entry);
      const map = isJsonObject(object[field.name]) ? (object[field.name] as JsonObject) : {};
      map[key] = value;
      object[field.name] = map;
      continue;
    }
    const value = decodeValue(field, entry);
    if (field.inline && isJsonObject(value)) Object.assign(object, value);
    else if (!field.repeated) object[field.name] = value;
    else
      object[field.name] = [
        ...(Array.isArray(object[field.name]) ? (object[field.name] as Json[]) : []),
        value,
      ];
  }
  return object;
}

/** An entry of a map is a message of key and value. */
function decodeEntry(field: FieldType, entry: ProtobufField): [string, Json] {
  const parts = readMessage(expectBytes(entry));
  const value = parts.find(({ number }) => number === 2);
  const empty = field.code === "m" ? Buffer.alloc(0) : undefined;
  return [
    bytesOf(parts, 1).toString(),
    value ? decodeValue(field, value) : empty ? decodeSpecial(field.message, empty) : "",
  ];
}

function decodeValue(field: FieldType, entry: ProtobufField): Json {
  switch (field.code) {
    case "s":
      return expectBytes(entry).toString();
    case "x":
      return expectBytes(entry).toString("base64");
    case "b":
      return entry.value === 1n;
    case "i":
      return Number(BigInt.asIntN(64, expectNumber(entry)));
    case "d":
      return expectBytes(entry).readDoubleLE();
    default:
      return decodeSpecial(field.message, expectBytes(entry));
  }
}

/** Messages whose JSON form is something else than a map of their fields. */
function decodeSpecial(type: string, body: Buffer): Json {
  const parts = () => readMessage(body);
  switch (type) {
    case "api.resource.Quantity":
      return bytesOf(parts(), 1).toString();
    case "util.intstr.IntOrString": {
      const [kind, number] = [numberOf(parts(), 1), numberOf(parts(), 2)];
      return kind === 0 ? number : bytesOf(parts(), 3).toString();
    }
    case "meta.v1.Time":
      return decodeTime(parts(), false);
    case "meta.v1.MicroTime":
      return decodeTime(parts(), true);
    case "meta.v1.FieldsV1":
    case "runtime.RawExtension": {
      const raw = bytesOf(parts(), 1).toString();
      return raw === "" ? null : JSON.parse(raw);
    }
    default: {
      const object = decodeMessage(type, body);
      // Named lists are messages of `items` (`ExtraValue`, `Verbs`).
      const names = [...fieldsOf(type).values()].map(({ name }) => name);
      return names.length === 1 && names[0] === "items" ? (object.items ?? []) : object;
    }
  }
}

function decodeTime(fields: readonly ProtobufField[], precise: boolean): Json {
  if (fields.length === 0) return null;
  const milliseconds = numberOf(fields, 1) * 1000;
  // The zero time of Go is that of an object without the field.
  if (milliseconds < -62_000_000_000_000) return null;
  const text = new Date(milliseconds).toISOString().slice(0, 19);
  const micros = String(Math.floor(numberOf(fields, 2) / 1000)).padStart(6, "0");
  return precise ? `${text}.${micros}Z` : `${text}Z`;
}

function bytesOf(fields: readonly ProtobufField[], number: number): Buffer {
  const field = fields.find((entry) => entry.number === number);
  return field ? expectBytes(field) : Buffer.alloc(0);
}

function numberOf(fields: readonly ProtobufField[], number: number): number {
  const field = fields.find((entry) => entry.number === number);
  return field ? Number(BigInt.asIntN(64, expectNumber(field))) : 0;
}

function expectBytes({ value }: ProtobufField): Buffer {
  if (typeof value === "bigint")
    throw badRequest("malformed protobuf message: number where bytes were expected");
  return value;
}

function expectNumber({ value }: ProtobufField): bigint {
  if (typeof value !== "bigint")
    throw badRequest("malformed protobuf message: bytes where a number was expected");
  return value;
}

const parsed = new Map<string, ReadonlyMap<number, FieldType>>();

function fieldsOf(type: string): ReadonlyMap<number, FieldType> {
  let fields = parsed.get(type);
  if (!fields) {
    const entries = Object.entries(fieldNumbers()[type] ?? {});
    fields = new Map(entries.map(([number, text]) => [Number(number), parseField(text)]));
    parsed.set(type, fields);
  }
  return fields;
}

/** `~name rm core.v1.Volume`, as scripts/generate-protobuf-fields.ts writes it. */
function parseField(text: string): FieldType {
  const [name = "", code = "", message = ""] = text.split(" ");
  return {
    name: name.replace(/^~/, ""),
    inline: name.startsWith("~"),
    repeated: code.startsWith("r"),
    map: code.startsWith("M"),
    code: code.slice(-1),
    message,
  };
}

let loaded: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;

function fieldNumbers() {
  loaded ??= JSON.parse(readFileSync(join(import.meta.dirname, "fields.generated.json"), "utf8"));
  return loaded as NonNullable<typeof loaded>;
}
