import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { makeSchema, type Schema, type SchemaLimits, type SchemaRule, type SchemaType } from "./schema.ts";

/**
 * Parses `openAPIV3Schema` of a CRD version. Parse once and keep: the result is what the other functions take.
 * What is not understood is left out; `validateCustomResourceDefinition` says what is wrong with a schema.
 */
export function parseSchema(source: JsonObject): Schema {
  return { ...parseNode(source, false), embedded: true };
}

const types = new Set(["object", "array", "string", "integer", "number", "boolean"]);

function parseNode(source: JsonObject, below: boolean): Schema {
  const preserveUnknown = source["x-kubernetes-preserve-unknown-fields"] === true;
  const intOrString = source["x-kubernetes-int-or-string"] === true;
  const open = below || preserveUnknown;
  const properties = parseProperties(source.properties, open);
  const additional = source.additionalProperties;
  const listType = text(source["x-kubernetes-list-type"]);
  const type = text(source.type) ?? "";
  return makeSchema({
    type: types.has(type) && !intOrString ? (type as SchemaType) : "any",
    intOrString,
    nullable: source.nullable === true,
    preserveUnknown,
    embedded: source["x-kubernetes-embedded-resource"] === true,
    properties,
    additional: isJsonObject(additional) ? parseNode(additional, open) : additional === true,
    defaulted: properties
      ? [...properties].filter(([, p]) => p.default !== undefined).map(([name]) => name)
      : [],
    open: open || properties === undefined,
    items: isJsonObject(source.items) ? parseNode(source.items, open) : undefined,
    required: texts(source.required),
    default: source.default,
    listType: listType === "set" || listType === "map" ? listType : "atomic",
    listKeys: texts(source["x-kubernetes-list-map-keys"]),
    mapType: source["x-kubernetes-map-type"] === "atomic" ? "atomic" : "granular",
    limits: parseLimits(source),
    rules: parseRules(source["x-kubernetes-validations"]),
  });
}

function parseProperties(source: Json | undefined, open: boolean): Map<string, Schema> | undefined {
  if (!isJsonObject(source)) return undefined;
  const properties = new Map<string, Schema>();
  for (const [name, property] of Object.entries(source)) {
    if (isJsonObject(property)) properties.set(name, parseNode(property, open));
  }
  return properties.size > 0 ? properties : undefined;
}

const limitNames = [
  "format",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
] as const;

function parseLimits(source: JsonObject): SchemaLimits | undefined {
  const { type } = source;
  const limits: Record<string, unknown> = {};
  let found = typeof type === "string" && type !== "" && !types.has(type);
  if (found) limits.unknownType = type;
  for (const name of limitNames) {
    const value = source[name];
    if (value === undefined) continue;
    found = true;
    if (name === "pattern") {
      limits.patternText = value;
      limits.pattern = compilePattern(value);
    } else if (name === "allOf" || name === "anyOf" || name === "oneOf") {
      limits[name] = Array.isArray(value) ? value.filter(isJsonObject).map((v) => parseNode(v, false)) : [];
    } else if (name === "not") {
      limits.not = isJsonObject(value) ? parseNode(value, false) : undefined;
    } else limits[name] = value;
  }
  return found ? (limits as SchemaLimits) : undefined;
}

/** Go's RE2 and JavaScript's `u` dialect agree on what CRDs use; a pattern that does not compile matches all. */
function compilePattern(value: Json): RegExp | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return new RegExp(value.replace(/^\(\?[is]+\)/, ""), /^\(\?\w*i/.test(value) ? "iu" : "u");
  } catch {
    return undefined;
  }
}

function parseRules(source: Json | undefined): SchemaRule[] {
  if (!Array.isArray(source)) return [];
  return source.filter(isJsonObject).map((rule) => ({
    rule: text(rule.rule) ?? "",
    ...pick(rule, "message"),
    ...pick(rule, "messageExpression"),
    ...pick(rule, "reason"),
    ...pick(rule, "fieldPath"),
    ...(rule.optionalOldSelf === true ? { optionalOldSelf: true } : {}),
  }));
}

function pick<K extends string>(source: JsonObject, key: K): { [P in K]?: string } {
  const value = text(source[key]);
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
