// What Go's JSON decoder says of an object that does not fit its type (sigs.k8s.io/json, which is encoding/json).
import type { Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { base64ErrorAt } from "./base64.ts";
import { goField, goItemType, goName } from "./go-types.ts";
import { type DecodingError, describeJson, readItself } from "./own-decoders.ts";
import { namedSchema } from "./schemas.ts";

/**
 * The error, or undefined when the value fits. The decoder goes on after a value of the wrong type and tells the first
 * of those in the end; what a type that reads itself refuses ends the reading, and is told instead.
 */
export function decodingError(value: Json, schema: Schema): string | undefined {
  const error = findError(value, schema);
  if (error === undefined) return undefined;
  if ("text" in error) return error.text;
  const { found, type, struct, field } = error;
  const place = field ? `Go struct field ${struct}.${field}` : "Go value";
  return `json: cannot unmarshal ${found} into ${place} of type ${type}`;
}

type PlacedError = DecodingError & { readonly struct?: string };

function findError(value: Json, schema: Schema): PlacedError | undefined {
  const walk = new Walk();
  const fatal = walk.read(value, schema, goName(schema));
  return fatal ?? walk.first;
}

class Walk {
  first: PlacedError | undefined;
  private struct = "";
  private fields: string[] = [];

  /** Reads a value; the result is an error that ends the reading. */
  read(value: Json, schema: Schema, type: string): PlacedError | undefined {
    if (value === null) return undefined;
    const own = readItself(value, schema) ?? readSchemaOr(value, schema);
    if (own) return own.error && this.place(own.error);
    if (schema.properties && isJsonObject(value)) return this.readStruct(value, schema);
    if (schema.type === "object" && isJsonObject(value)) return this.readMap(value, schema, type);
    if (schema.type === "array" && Array.isArray(value)) return this.readList(value, schema, type);
    if (schema.limits?.format === "byte" && Array.isArray(value)) this.readBytes(value);
    else if (fits(value, schema, type)) this.save(base64Error(value, schema));
    else this.save({ found: describeJson(value, type), type });
    return undefined;
  }

  private readStruct(value: Record<string, Json | undefined>, schema: Schema): PlacedError | undefined {
    const { struct, fields } = this;
    for (const [key, item] of Object.entries(value)) {
      const property = schema.properties?.get(key);
      if (!property) continue;
      const { type, within } = goField(schema, key, property);
      this.struct = goName(schema).replace(/^.*\./, "");
      this.fields = [...fields, ...within, key];
      const fatal = this.read(item ?? null, property, type);
      if (fatal) return fatal;
    }
    Object.assign(this, { struct, fields });
    return undefined;
  }

  private readMap(
    value: Record<string, Json | undefined>,
    schema: Schema,
    type: string,
  ): PlacedError | undefined {
    if (typeof schema.additional !== "object") return undefined;
    const itemType = goItemType(type, schema.additional);
    for (const item of Object.values(value)) {
      const fatal = this.read(item ?? null, schema.additional, itemType);
      if (fatal) return fatal;
    }
    return undefined;
  }

  private readList(value: readonly Json[], schema: Schema, type: string): PlacedError | undefined {
    if (!schema.items) return undefined;
    const itemType = goItemType(type, schema.items);
    for (const item of value) {
      const fatal = this.read(item, schema.items, itemType);
      if (fatal) return fatal;
    }
    return undefined;
  }

  /** Bytes as a list of numbers. */
  private readBytes(value: readonly Json[]): void {
    for (const item of value) {
      const isByte = Number.isInteger(item) && Number(item) >= 0 && Number(item) < 256;
      if (item !== null && !isByte) this.save({ found: describeJson(item, "uint8"), type: "uint8" });
    }
  }

  private save(error: DecodingError | undefined): void {
    if (error) this.first ??= this.place(error);
  }

  private place(error: PlacedError): PlacedError {
    if ("text" in error) return error;
    const field = [...this.fields, ...(error.field ? [error.field] : [])].join(".");
    // A type that reads itself has its own walk, whose struct is told where none is around it.
    return { ...error, struct: this.struct || (error.struct ?? ""), field };
  }
}

/** The places of a definition where a schema or something else stands. */
function readSchemaOr(
  value: Json,
  { typeName = "" }: Schema,
): { readonly error?: DecodingError } | undefined {
  if (!typeName.startsWith("apiextensions.v1.JSONSchemaPropsOr")) return undefined;
  const props = namedSchema("apiextensions.v1.JSONSchemaProps");
  const checked = (error: PlacedError | undefined) => (error ? { error } : {});
  if (isJsonObject(value)) return checked(findError(value, props));
  if (typeName.endsWith("OrBool")) {
    return typeof value === "boolean" ? {} : { error: { text: "boolean or JSON schema expected" } };
  }
  if (!Array.isArray(value)) return {};
  for (const item of value) {
    if (typeName.endsWith("OrArray") ? isJsonObject(item) || item === null : typeof item === "string") {
      const error = isJsonObject(item) ? findError(item, props) : undefined;
      if (error) return { error };
    } else {
      const type = typeName.endsWith("OrArray") ? "v1.JSONSchemaProps" : "string";
      return { error: { found: describeJson(item, type), type } };
    }
  }
  return {};
}

function fits(value: Json, schema: Schema, type: string): boolean {
  switch (schema.type) {
    case "integer":
      return isInteger(value, schema);
    case "any":
      return true;
    case "object":
    case "array":
      return false;
    default:
      return typeof value === schema.type && !(type === "uint8" && typeof value === "string");
  }
}

function isInteger(value: Json, schema: Schema): boolean {
  if (!Number.isInteger(value)) return false;
  return schema.limits?.format !== "int32" || (Number(value) <= 0x7fffffff && Number(value) >= -0x80000000);
}

/** encoding/base64: where the text stops being one. */
function base64Error(value: Json, schema: Schema): DecodingError | undefined {
  if (schema.limits?.format !== "byte" || typeof value !== "string") return undefined;
  const at = base64ErrorAt(value);
  return at === undefined ? undefined : { text: `illegal base64 data at input byte ${at}` };
}
