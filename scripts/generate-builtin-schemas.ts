// Writes packages/rehearsal/src/builtin/schemas.generated.json from an API server's OpenAPI v3 documents, and beside
// it, in go-types.generated.json, what Go calls the types of the fields.
//
//   npx node scripts/generate-builtin-schemas.ts OPENAPI.json... [--go PREFIX=DIR]...
//
// OPENAPI.json is what /openapi/v3/apis/GROUP/VERSION answers, or {"schemas": {...}} with all of them together.
// --go names Go source of the same release, for what OpenAPI leaves out (`io.k8s.api=k8s.io/api`,
// `io.k8s.apimachinery=k8s.io/apimachinery`, `io.k8s.apiextensions-apiserver=…`, `io.k8s.kube-aggregator=…`).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type GoField, readGoTypes } from "./read-go-types.ts";

/** The part of an OpenAPI v3 schema that is carried over. */
interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly enum?: unknown[];
  readonly required?: string[];
  readonly properties?: Record<string, OpenApiSchema>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
  readonly allOf?: OpenApiSchema[];
  readonly oneOf?: OpenApiSchema[];
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }[];
}

/** One node of the generated file; see packages/rehearsal/src/builtin/schemas.ts for what the letters mean. */
type Node = Record<string, unknown>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { go: { type: "string", multiple: true } },
});

const schemas: Record<string, OpenApiSchema> = {};
for (const path of positionals) {
  const document = JSON.parse(readFileSync(path, "utf8")) as {
    schemas?: typeof schemas;
    components?: { schemas: typeof schemas };
  };
  Object.assign(schemas, document.schemas ?? document.components?.schemas);
}

const goTypes = new Map<string, Map<string, GoField>>();
for (const option of values.go ?? []) {
  const split = option.indexOf("=");
  const read = readGoTypes(option.slice(0, split), option.slice(split + 1));
  for (const [name, fields] of read) goTypes.set(name, fields);
}

const types: Record<string, Node> = {};
const kinds: Record<string, string> = {};
for (const [name, schema] of Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) {
  types[shorten(name)] = convert(schema, name);
  const gvks = schema["x-kubernetes-group-version-kind"] ?? [];
  // Types such as DeleteOptions belong to every group; only what has one home is a kind.
  if (gvks.length !== 1 || !gvks[0] || gvks[0].kind.endsWith("List")) continue;
  kinds[`${gvks[0].group}/${gvks[0].version}/${gvks[0].kind}`] = shorten(name);
}

const folder = join(import.meta.dirname, "../packages/rehearsal/src/builtin");
writeFileSync(join(folder, "schemas.generated.json"), `${JSON.stringify({ kinds, types })}\n`);
writeFileSync(join(folder, "go-types.generated.json"), `${JSON.stringify(describeGoTypes())}\n`);

/** Of each type its fields in Go's order: the field's type, and after a space what it is embedded in. */
function describeGoTypes(): Record<string, Record<string, string>> {
  const result: Record<string, Record<string, string>> = {};
  for (const name of Object.keys(schemas)) {
    const fields = [...(goTypes.get(name) ?? [])].map(([key, { type, within }]): [string, string] => [
      key,
      [type, ...within].join(" "),
    ]);
    if (fields.length > 0) result[shorten(name)] = Object.fromEntries(fields);
  }
  return result;
}

/** `io.k8s.api.core.v1.Pod` -> `core.v1.Pod`, `…pkg.apis.meta.v1.ObjectMeta` -> `meta.v1.ObjectMeta`. */
function shorten(name: string): string {
  return name.replace(/^io\.k8s\.(api\.|.*\.pkg\.apis\.|apimachinery\.pkg\.)/, "");
}

function convert(schema: OpenApiSchema, name?: string): Node {
  const node: Node = {};
  const only = schema.allOf?.length === 1 ? schema.allOf[0] : undefined;
  const reference = schema.$ref ?? only?.$ref;
  if (reference) node.r = shorten(reference.slice(reference.lastIndexOf("/") + 1));
  else if (schema.type) node.t = schema.type;
  if (schema.format) node.f = schema.format;
  if (schema.default !== undefined && typeof schema.default !== "object") node.d = schema.default;
  if (schema.enum) node.e = schema.enum;
  if (schema.required) node.q = schema.required;
  if (schema.items) node.i = convert(schema.items);
  if (schema.additionalProperties !== undefined) {
    const additional = schema.additionalProperties;
    node.a = typeof additional === "boolean" ? additional : convert(additional);
  }
  if (schema.properties) node.p = convertProperties(schema.properties, name);
  copy("l", schema["x-kubernetes-list-type"]);
  copy("k", schema["x-kubernetes-list-map-keys"]);
  copy("m", schema["x-kubernetes-map-type"]);
  copy("s", schema["x-kubernetes-patch-strategy"]);
  copy("g", schema["x-kubernetes-patch-merge-key"]);
  return node;

  function copy(key: string, value: unknown): void {
    if (value !== undefined) node[key] = value;
  }
}

function convertProperties(properties: Record<string, OpenApiSchema>, owner?: string): Record<string, Node> {
  const result: Record<string, Node> = {};
  for (const [key, property] of Object.entries(properties)) {
    const node = convert(property);
    const go = owner ? goTypes.get(owner)?.get(key) : undefined;
    const empty = go && emptyField(go, resolve(property), node.r as string | undefined);
    if (empty) node.z = empty;
    result[key] = node;
  }
  return result;
}

/** d: dropped when empty, z: written as zero, n: written as null; undefined: kept as sent. */
function emptyField(go: GoField, schema: OpenApiSchema, type?: string): string | undefined {
  if (go.pointer) return go.omitEmpty || go.omitZero ? undefined : "n";
  if (go.omitZero) return "d";
  if (type === "meta.v1.Time" || type === "meta.v1.MicroTime" || type === "runtime.RawExtension") return "n";
  const collection = schema.type === "array" || schema.additionalProperties || schema.format === "byte";
  if (collection) return go.omitEmpty ? "d" : "n";
  if (schema.type === undefined || (schema.type === "object" && type)) return "z";
  return go.omitEmpty ? "d" : "z";
}

function resolve(schema: OpenApiSchema): OpenApiSchema {
  const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  return (reference && schemas[reference.slice(reference.lastIndexOf("/") + 1)]) || schema;
}
