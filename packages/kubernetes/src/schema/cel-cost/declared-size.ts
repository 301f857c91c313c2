// How large the values of a schema may be (apiserver cel/common/schemas.go and cel/limits.go). Sizes are in bytes of
// JSON where the schema says nothing: as much as fits into one request.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { escapeName } from "../cel/value.ts";

/** Sizes of the values of a schema. */
export interface DeclaredSize {
  /** Of texts in bytes, of lists in items, of maps in entries; 0 for whatever has no size. */
  readonly max: number;
  /** The fewest bytes of JSON that make such a value. */
  readonly minBytes: number;
  /** What a path's step leads to: fields of objects by their names in expressions, `@items`, `@keys`, `@values`. */
  readonly parts: ReadonlyMap<string, DeclaredSize>;
}

/** The largest request of which sizes are estimated. */
const requestBytes = 3 * 1024 * 1024;
const largestText = requestBytes - 2;

/** How often values of this size may stand in one object, with a comma between them. */
export function mostValues({ minBytes }: DeclaredSize): number {
  return Math.floor(requestBytes / (minBytes + 1));
}

/** The sizes of a schema's values; undefined for one whose values no rule can read. */
export function declaredSize(schema: JsonObject, isRoot: boolean): DeclaredSize | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return scalar(textLength(schema, largestText), 1);
  switch (schema.type) {
    case "array":
      return listSize(schema);
    case "object":
      return isJsonObject(schema.additionalProperties)
        ? mapSize(schema, schema.additionalProperties)
        : objectSize(isRoot ? withMeta(schema) : schema);
    case "string":
      return textSize(schema);
    case "boolean":
      return scalar(0, 4);
    case "number":
    case "integer":
      return scalar(0, 1);
    default:
      return undefined;
  }
}

function scalar(max: number, minBytes: number): DeclaredSize {
  return { max, minBytes, parts: new Map() };
}

function within(schema: JsonObject): DeclaredSize | undefined {
  return declaredSize(schema, schema["x-kubernetes-embedded-resource"] === true);
}

function listSize({ items, maxItems }: JsonObject): DeclaredSize | undefined {
  const item = isJsonObject(items) ? within(items) : undefined;
  if (!item) return undefined;
  const most = Math.floor((requestBytes - 2) / (item.minBytes + 1));
  return { max: limit(maxItems) ?? most, minBytes: 2, parts: new Map([["@items", item]]) };
}

function mapSize({ maxProperties }: JsonObject, values: JsonObject): DeclaredSize | undefined {
  const value = within(values);
  if (!value) return undefined;
  const most = Math.floor((requestBytes - 2) / (value.minBytes + 6));
  const parts = new Map([
    ["@keys", scalar(0, 2)],
    ["@values", value],
  ]);
  return { max: limit(maxProperties) ?? most, minBytes: 2, parts };
}

function objectSize(schema: JsonObject): DeclaredSize {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const parts = new Map<string, DeclaredSize>();
  let minBytes = 2;
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    const size = isJsonObject(property) ? within(property) : undefined;
    if (!isJsonObject(property) || !size) continue;
    if (/^[A-Za-z_./-][\w./-]*$/.test(name)) parts.set(escapeName(name), size);
    // What has a default may be left out of a request.
    const isSent = required.has(name) && (property.default ?? null) === null;
    if (isSent) minBytes += Buffer.byteLength(name) + size.minBytes + 4;
  }
  return { max: 0, minBytes, parts };
}

/** A resource's kind and metadata, for what they are declared as. */
function withMeta(schema: JsonObject): JsonObject {
  const { kind, apiVersion, metadata } = propertiesOf(schema);
  const inner = isJsonObject(metadata) ? propertiesOf(metadata) : {};
  const isText = (property: Json | undefined) => isJsonObject(property) && property.type === "string";
  const isMeta = isJsonObject(metadata) && metadata.type === "object";
  if (isMeta && [kind, apiVersion, inner.name, inner.generateName].every(isText)) return schema;
  const string: JsonObject = { type: "string" };
  const meta: JsonObject = { type: "object", properties: { name: string, generateName: string } };
  const properties = { ...propertiesOf(schema), kind: string, apiVersion: string, metadata: meta };
  return { ...schema, properties };
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

function textSize(schema: JsonObject): DeclaredSize {
  const { format, maxLength, enum: choices } = schema;
  if (format === "byte") return scalar(limit(maxLength) ?? largestText, 2);
  if (format === "duration") return scalar(32, 3);
  if (format === "date") return scalar(12, 12);
  if (format === "date-time") return scalar(32, 21);
  const texts = Array.isArray(choices) && choices.length > 0 ? choices : undefined;
  const longest = texts?.map((choice) => (typeof choice === "string" ? Buffer.byteLength(choice) : 0));
  return scalar(textLength(schema, longest ? Math.max(...longest) : largestText), 2);
}

/** A length is in characters, of which each may take four bytes. */
function textLength({ maxLength }: JsonObject, otherwise: number): number {
  const characters = limit(maxLength);
  return characters === undefined ? otherwise : characters * 4;
}

function limit(value: Json | undefined): number | undefined {
  return typeof value === "number" ? Math.max(0, value) : undefined;
}
