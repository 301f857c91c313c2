// What a definition's schema may hold (ValidateCustomResourceDefinitionOpenAPISchema of apiextensions
// pkg/apis/apiextensions/validation): beyond being structural, and with the rules of each part.
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "../field-error.ts";
import { validateListType } from "./validate-list-type.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];
const unsupported = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];
const metaFields = new Set(["metadata", "kind", "apiVersion"]);

/** What is known of a schema by what is around it. */
export interface SchemaPlace {
  readonly path: string;
  readonly isRoot: boolean;
  /** Whether it describes apiVersion, kind or metadata. */
  readonly inMeta: boolean;
  /** Why a default must not be set here; undefined where it may. */
  readonly noDefaults: string | undefined;
  /** The outermost part around it whose old and new values cannot be told apart; rules here may not use oldSelf. */
  readonly uncorrelatable: string | undefined;
}

/** Every schema within one, itself first, with its place; alternatives only with `alternatives`. */
export function childrenOf(schema: JsonObject, place: SchemaPlace): [JsonObject, SchemaPlace][] {
  const { path } = place;
  const children: [JsonObject, SchemaPlace][] = [];
  const add = (child: unknown, step: string, change: Partial<SchemaPlace> = {}) => {
    const at = { ...place, isRoot: false, ...change, path: `${path}.${step}` };
    if (isSchema(child)) children.push([child, at]);
  };
  const reason = "inside additionalProperties applying to object metadata";
  add(schema.additionalProperties, "additionalProperties", place.inMeta ? { noDefaults: reason } : {});
  const isObject = place.isRoot || schema["x-kubernetes-embedded-resource"] === true;
  const atomic = schema["x-kubernetes-map-type"] === "atomic";
  for (const [name, property] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
    const meta = isObject && metaFields.has(name);
    add(property, `properties[${name}]`, {
      inMeta: meta || place.inMeta,
      noDefaults: meta && place.isRoot ? `in top-level ${name}` : place.noDefaults,
      uncorrelatable: place.uncorrelatable ?? (atomic ? path : undefined),
    });
  }
  const keyed = schema["x-kubernetes-list-type"] === "map";
  add(schema.items, "items", { uncorrelatable: place.uncorrelatable ?? (keyed ? undefined : path) });
  return children;
}

function isSchema(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Everything that is wrong with a schema and those inside of it, its rules left out. */
export function validateOpenApi(schema: JsonObject, place: SchemaPlace): FieldError[] {
  const errors = validateKeywords(schema, place);
  for (const [child, at] of childrenOf(schema, place)) errors.push(...validateOpenApi(child, at));
  for (const [child, path] of alternativesOf(schema, place.path)) {
    errors.push(...validateOpenApi(child, { ...place, isRoot: false, path }));
  }
  errors.push(...validateExtensions(schema, place.path), ...validateListType(schema, place.path));
  return errors;
}

function alternativesOf(schema: JsonObject, path: string): [JsonObject, string][] {
  const found: [JsonObject, string][] = isJsonObject(schema.not) ? [[schema.not, `${path}.not`]] : [];
  for (const key of ["allOf", "oneOf", "anyOf"]) {
    const list = schema[key];
    if (!Array.isArray(list)) continue;
    for (const [index, inner] of list.entries()) {
      if (isJsonObject(inner)) found.push([inner, `${path}.${key}[${index}]`]);
    }
  }
  return found;
}

function validateKeywords(schema: JsonObject, { path, inMeta, noDefaults }: SchemaPlace): FieldError[] {
  const errors: FieldError[] = [];
  const forbid = (key: string, detail: string) => {
    errors.push(fieldError("FieldValueForbidden", `${path}.${key}`, detail));
  };
  const { type } = schema;
  if (typeof type === "string" && type !== "" && !types.includes(type)) {
    const supported = types.map((name) => `"${name}"`).join(", ");
    errors.push(fieldError("FieldValueNotSupported", `${path}.type`, `supported values: ${supported}`, type));
  }
  if (schema.default !== undefined && schema.default !== null && noDefaults !== undefined) {
    forbid("default", `must not be set ${noDefaults}`);
  }
  for (const key of unsupported) if (isGiven(schema, key)) forbid(key, `${key} is not supported`);
  if (type === "null") forbid("type", "type cannot be set to null, use nullable as an alternative");
  if (Array.isArray(schema.items) && schema.items.length > 0) {
    forbid("items", "items must be a schema object and not an array");
  }
  if (inMeta && schema["x-kubernetes-embedded-resource"] === true) {
    forbid("x-kubernetes-embedded-resource", "must not be used inside of resource meta");
  }
  if (schema.uniqueItems === true) {
    forbid("uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
  }
  const additional = schema.additionalProperties;
  const described = isJsonObject(schema.properties) && Object.keys(schema.properties).length > 0;
  if (described && (additional === false || isJsonObject(additional))) {
    forbid("additionalProperties", "additionalProperties and properties are mutual exclusive");
  }
  return errors;
}

function isGiven(schema: JsonObject, key: string): boolean {
  const value = schema[key];
  if (value === undefined || value === null || value === "") return false;
  return key === "patternProperties" || key === "definitions" ? Object.keys(value).length > 0 : true;
}

function validateExtensions(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const preserve = schema["x-kubernetes-preserve-unknown-fields"];
  if (preserve === false) {
    const field = `${path}.x-kubernetes-preserve-unknown-fields`;
    errors.push(fieldError("FieldValueInvalid", field, "must be true or undefined", false));
  }
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType === undefined || mapType === null) return errors;
  if (schema.type !== "object") errors.push(mustBe("object", "x-kubernetes-map-type", schema, path));
  if (mapType !== "granular" && mapType !== "atomic") {
    const detail = 'supported values: "atomic", "granular"';
    errors.push(fieldError("FieldValueNotSupported", `${path}.x-kubernetes-map-type`, detail, mapType));
  }
  return errors;
}

/** An extension that goes with one type only. */
export function mustBe(type: string, extension: string, schema: JsonObject, path: string): FieldError {
  const detail = `must be ${type} if ${extension} is specified`;
  return schema.type === undefined || schema.type === ""
    ? fieldError("FieldValueRequired", `${path}.type`, detail)
    : fieldError("FieldValueInvalid", `${path}.type`, detail, schema.type);
}
