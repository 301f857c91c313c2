// JSON values as CEL sees them, by their schema (apiserver cel/common/values.go).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { compileCel, toDynamic } from "../cel.ts";
import type { Schema } from "../schema.ts";

/**
 * The value for a rule's `self`: ints for integers, doubles for numbers, timestamps and durations for their formats,
 * and of an object only the fields that the schema lists, under names that CEL can write.
 */
export function toCelValue(value: Json, schema: Schema): unknown {
  if (value === null) return null;
  if (schema.type === "any") return toDynamic(value);
  if (typeof value === "number") return schema.type === "integer" ? BigInt(Math.trunc(value)) : value;
  if (typeof value === "string") return toCelText(value, schema.limits?.format);
  if (Array.isArray(value)) {
    const { items } = schema;
    return value.map((item) => (items ? toCelValue(item, items) : toDynamic(item)));
  }
  return isJsonObject(value) ? toCelObject(value, schema) : value;
}

function toCelObject(value: JsonObject, schema: Schema): unknown {
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const property = schema.properties?.get(key);
    if (property) {
      const read = toCelValue(item, property);
      result[escapeName(key)] = read;
      // Words of the language may be written as they are, too.
      if (reserved.has(key)) result[key] = read;
    } else if (typeof schema.additional === "object") result[key] = toCelValue(item, schema.additional);
    else if (schema.embedded && (key === "apiVersion" || key === "kind")) result[key] = item;
    if (schema.embedded && key === "metadata" && isJsonObject(item)) {
      result.metadata = toDynamic(pickName(item));
    }
  }
  return result;
}

/** Of the metadata, rules see the name only. */
function pickName({ name, generateName }: JsonObject): JsonObject {
  return {
    ...(name === undefined ? {} : { name }),
    ...(generateName === undefined ? {} : { generateName }),
  };
}

function toCelText(value: string, format: string | undefined): unknown {
  if (format === "date-time" || format === "date") return new Date(value);
  if (format === "duration") return toDuration(value);
  if (format === "byte") return new Uint8Array(Buffer.from(value, "base64"));
  return value;
}

/** CEL knows Go's notation only; what the format takes besides (`2 weeks`) stays text. */
function toDuration(value: string): unknown {
  try {
    return compileCel("duration(text)").run({ text: value });
  } catch {
    return value;
  }
}

const reserved = new Set([
  "true",
  "false",
  "null",
  "in",
  "as",
  "break",
  "const",
  "continue",
  "else",
  "for",
  "function",
  "if",
  "import",
  "let",
  "loop",
  "package",
  "namespace",
  "return",
  "var",
  "void",
  "while",
]);

/** How CEL writes a field that is no identifier: `__dot__`, `__dash__`, `__slash__`, `__namespace__`. */
export function escapeName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}
