// The type of a kind's objects by its schema (apiserver cel/common/schemas.go SchemaDeclType).
import { escapeName } from "../cel/value.ts";
import type { Schema } from "../schema.ts";
import { textType } from "./declared-type.ts";
import { bool, type CelType, dyn, int, listOf, mapOf, simpleType, text } from "./types.ts";

/**
 * The type of what a schema describes; undefined for values that no expression can read. A type inside of itself
 * (`outer` has the names of those around) is an object without fields.
 */
export function schemaType(
  schema: Schema,
  name: string,
  outer: ReadonlySet<string> = new Set(),
): CelType | undefined {
  const { typeName, limits, items, additional } = schema;
  if (schema.intOrString || limits?.format === "int-or-string") return dyn;
  if (typeName && outer.has(typeName)) return { kind: "object", name, fields: new Map() };
  const around = typeName ? new Set([...outer, typeName]) : outer;
  const inside = (inner: Schema, part: string) => schemaType(inner, `${name}.${part}`, around);
  switch (schema.type) {
    case "array": {
      const item = items && inside(items, "@idx");
      return item && listOf(item);
    }
    case "object": {
      if (typeof additional === "object") {
        const value = inside(additional, "@elem");
        return value && mapOf(text, value);
      }
      const fields = new Map<string, CelType>();
      for (const [key, property] of schema.properties ?? []) {
        const escaped = escapeName(key);
        const type = /^[A-Za-z_./-][\w./-]*$/.test(key) ? inside(property, escaped) : undefined;
        if (type) fields.set(escaped, type);
      }
      return { kind: "object", name, fields };
    }
    case "string":
      return textType(limits?.format);
    case "boolean":
      return bool;
    case "number":
      return simpleType("double");
    case "integer":
      return int;
    case "any":
      return undefined;
  }
}

/** The type of a custom kind's objects, by the schema of its definition and what all objects have for metadata. */
export function withMetadata(type: CelType, metadata: CelType): CelType {
  if (type.kind !== "object") return type;
  const fields = new Map([...type.fields, ["metadata", metadata] as const]);
  return { ...type, fields };
}
