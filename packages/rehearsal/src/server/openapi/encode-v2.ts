// An OpenAPI v2 document as protobuf: gnostic's openapiv2/OpenAPIv2.proto, which kubectl asks for.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldValue, writeMessage } from "../protobuf/write.ts";

type Fields = (readonly [number, FieldValue])[];

/** The bytes of a `Document` as `openApiV2Document` makes it. */
export function encodeOpenApiV2({ swagger, info, paths, definitions }: JsonObject): Buffer {
  const { title, version } = objectOf(info);
  return writeMessage([
    [1, text(swagger)],
    [
      2,
      writeMessage([
        [1, text(title)],
        [2, text(version)],
      ]),
    ],
    [8, writeMessage(named(2, paths, encodePath))],
    [9, writeMessage(named(1, definitions, encodeSchema))],
  ]);
}

function encodePath(item: JsonObject): Buffer {
  return writeMessage([[8, encodeOperation(objectOf(item.patch))]]);
}

function encodeOperation({ consumes, parameters, ...rest }: JsonObject): Buffer {
  return writeMessage([
    ...listOf(consumes).map((type): [number, FieldValue] => [7, text(type)]),
    ...listOf(parameters).map((parameter): [number, FieldValue] => [8, encodeParameter(objectOf(parameter))]),
    ...extensions(13, rest),
  ]);
}

/** A query parameter in the three messages that it could be another one of. */
function encodeParameter(parameter: JsonObject): Buffer {
  const query = writeMessage([
    [3, text(parameter.in)],
    [4, text(parameter.name)],
    [6, text(parameter.type)],
    [21, parameter.uniqueItems === true],
  ]);
  return writeMessage([[1, writeMessage([[2, writeMessage([[3, query]])]])]]);
}

function encodeSchema(schema: JsonObject): Buffer {
  const { $ref, format, description, type, required, items, properties, additionalProperties } = schema;
  const value = schema.default;
  return writeMessage([
    [1, text($ref)],
    [2, text(format)],
    [4, text(description)],
    [5, value === undefined ? undefined : encodeAny(value)],
    ...listOf(required).map((name): [number, FieldValue] => [19, text(name)]),
    ...listOf(schema.enum).map((one): [number, FieldValue] => [20, encodeAny(one)]),
    [21, additionalProperties && writeMessage([[1, encodeSchema(objectOf(additionalProperties))]])],
    [22, type === undefined ? undefined : writeMessage([[1, text(type)]])],
    [23, items === undefined ? undefined : writeMessage([[1, encodeSchema(objectOf(items))]])],
    [25, properties === undefined ? undefined : writeMessage(named(1, properties, encodeSchema))],
    ...extensions(31, schema),
  ] as Fields);
}

/** Entries of a map as repeated messages of name and value. */
function named(number: number, map: Json | undefined, encode: (value: JsonObject) => Buffer): Fields {
  return Object.entries(objectOf(map)).map(([name, value]) => [
    number,
    writeMessage([
      [1, name],
      [2, encode(objectOf(value))],
    ]),
  ]);
}

function extensions(number: number, holder: JsonObject): Fields {
  const members = Object.entries(holder).filter(([name]) => name.startsWith("x-"));
  return members.map(([name, value]) => [
    number,
    writeMessage([
      [1, name],
      [2, encodeAny(value ?? null)],
    ]),
  ]);
}

/** Any value as YAML, of which JSON is a part. */
function encodeAny(value: Json): Buffer {
  return writeMessage([[2, JSON.stringify(value)]]);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
