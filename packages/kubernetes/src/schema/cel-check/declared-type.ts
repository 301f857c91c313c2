// The type of `self` by the schema that a rule stands in (apiserver cel/common/schemas.go, cel/escaping.go).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { escapeName } from "../cel/value.ts";
import { bool, type CelType, dyn, int, listOf, mapOf, simpleType, text } from "./types.ts";

/** The type of a schema's values; undefined for one whose values no rule can read. */
export function declaredType(schema: JsonObject, isRoot: boolean, name = selfName): CelType | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return dyn;
  switch (schema.type) {
    case "array": {
      if (!isJsonObject(schema.items)) return undefined;
      const item = declaredType(schema.items, isEmbedded(schema.items), `${name}.@idx`);
      return item && listOf(item);
    }
    case "object":
      return objectType(schema, isRoot || isEmbedded(schema), name);
    case "string":
      return textType(schema.format);
    case "boolean":
      return bool;
    case "number":
      return simpleType("double");
    case "integer":
      return int;
    default:
      return undefined;
  }
}

/** The real server gives the type another number each time. */
const selfName = "selfType0";

function isEmbedded(schema: JsonObject): boolean {
  return schema["x-kubernetes-embedded-resource"] === true;
}

function objectType(schema: JsonObject, isRoot: boolean, name: string): CelType | undefined {
  const { additionalProperties } = schema;
  if (isJsonObject(additionalProperties)) {
    const value = declaredType(additionalProperties, isEmbedded(additionalProperties), `${name}.@elem`);
    return value && mapOf(text, value);
  }
  const string: JsonObject = { type: "string" };
  const metadata: JsonObject = { type: "object", properties: { name: string, generateName: string } };
  const properties = {
    ...(isJsonObject(schema.properties) ? schema.properties : {}),
    ...(isRoot ? { kind: string, apiVersion: string, metadata } : {}),
  };
  const fields = new Map<string, CelType>();
  for (const [key, property] of Object.entries(properties)) {
    if (!isJsonObject(property) || !/^[A-Za-z_./-][\w./-]*$/.test(key)) continue;
    const escaped = escapeName(key);
    const type = declaredType(property, isEmbedded(property), `${name}.${escaped}`);
    if (type) fields.set(escaped, type);
  }
  return { kind: "object", name, fields };
}

/** The type of a text of this format. */
export function textType(format: Json | undefined): CelType {
  if (format === "byte") return simpleType("bytes");
  if (format === "duration") return simpleType("duration");
  return format === "date" || format === "date-time" ? simpleType("timestamp") : text;
}
