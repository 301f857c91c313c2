import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { serverVersion } from "../service-paths.ts";

/**
 * OpenAPI v2 of what v3 documents describe, all groups in one: the definitions, and of the paths what kubectl looks
 * for, which parameters a patch takes. What v2 cannot say is left out, as the real server leaves it out.
 */
export function openApiV2Document(documents: readonly JsonObject[]): JsonObject {
  const definitions: JsonObject = {};
  const paths: JsonObject = {};
  for (const document of documents) {
    const components = isJsonObject(document.components) ? document.components : {};
    const schemas = isJsonObject(components.schemas) ? components.schemas : {};
    for (const [name, schema] of Object.entries(schemas)) definitions[name] ??= toV2(schema);
    for (const [path, item] of Object.entries(isJsonObject(document.paths) ? document.paths : {})) {
      if (isJsonObject(item) && isJsonObject(item.patch)) paths[path] = { patch: operationToV2(item.patch) };
    }
  }
  const { major, minor } = serverVersion;
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: `${major}.${minor}` },
    paths,
    definitions,
  };
}

function operationToV2(operation: JsonObject): JsonObject {
  const parameters = Array.isArray(operation.parameters) ? operation.parameters.filter(isJsonObject) : [];
  const body = isJsonObject(operation.requestBody) ? operation.requestBody : {};
  return {
    consumes: Object.keys(isJsonObject(body.content) ? body.content : {}),
    parameters: parameters.map(({ schema, ...rest }) => ({
      ...rest,
      ...(isJsonObject(schema) ? schema : {}),
    })),
    responses: {},
    "x-kubernetes-action": operation["x-kubernetes-action"] ?? "",
    "x-kubernetes-group-version-kind": operation["x-kubernetes-group-version-kind"] ?? {},
  };
}

const kept = ["description", "type", "format", "required", "default", "enum"];

function toV2(value: Json | undefined): JsonObject {
  const schema = isJsonObject(value) ? value : {};
  const { allOf, oneOf, items, properties, additionalProperties, $ref } = schema;
  const description = schema.description === undefined ? {} : { description: schema.description };
  const [only] = Array.isArray(allOf) && allOf.length === 1 ? allOf.filter(isJsonObject) : [];
  const reference = $ref ?? only?.$ref;
  if (typeof reference === "string") {
    return { ...description, $ref: reference.replace("#/components/schemas/", "#/definitions/") };
  }
  // A number or a string travels as a string here; what may be anything has no type.
  if (Array.isArray(oneOf) && schema.type === undefined) {
    return { ...description, type: "string", ...(schema.format ? { format: schema.format } : {}) };
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === true || schema.nullable === true) return description;
  const result: JsonObject = {};
  for (const [key, member] of Object.entries(schema)) {
    if (kept.includes(key) || key.startsWith("x-kubernetes-")) result[key] = member as Json;
  }
  if (schema.type === "array") result.items = toV2(items);
  if (isJsonObject(properties)) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]): [string, Json] => [name, toV2(property)]),
    );
  } else if (isJsonObject(additionalProperties)) result.additionalProperties = toV2(additionalProperties);
  return result;
}
