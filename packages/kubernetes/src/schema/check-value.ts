// Checks one value against the limits of its schema, in the words of kube-openapi's validator.
import { isJsonObject, type Json } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import { isFormatOf, matchesFormat } from "./formats.ts";
import type { Schema, SchemaLimits } from "./schema.ts";

/** Collects errors at a path. */
export interface Report {
  readonly path: string;
  add(error: FieldError): void;
}

/** The type's name as JSON schema knows it. */
export function jsonTypeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Reports a value that is not of the schema's type. What else the schema says is checked all the same. */
export function checkType(value: Json, schema: Schema, report: Report): void {
  const found = jsonTypeOf(value);
  if (value === null && schema.nullable) return;
  if (schema.intOrString) {
    if (found !== "integer" && found !== "string") reportType("integer,string", found, report);
    return;
  }
  const expected = schema.limits?.unknownType ?? schema.type;
  if (expected === "any" || found === expected) return;
  if (expected === "number" && found === "integer") return;
  const { format: declared } = schema.limits ?? {};
  const format = declared !== undefined && isFormatOf(expected, declared) ? declared : undefined;
  const numeric = expected === "integer" || expected === "number";
  if (format === undefined || value === null) reportType(expected, found, report);
  else if (typeof value !== "string" && !Array.isArray(value)) {
    const native = found === "integer" ? "int64" : found === "number" ? "float64" : "";
    reportType(format, native, report);
  } else if (numeric) reportType(expected, found, report);
}

function reportType(expected: string, found: string, { path, add }: Report): void {
  const detail = `${inBody(path)} must be of type ${expected}: "${found}"`;
  add(fieldError("FieldValueTypeInvalid", path, detail, found));
}

/** `spec.foo in body`, as every message begins. */
export function inBody(path: string): string {
  return path === "" ? " in body" : `${path} in body`;
}

/** Everything that a schema says about a value besides its type and what is inside it. */
export function checkLimits(value: Json, schema: Schema, report: Report): void {
  const limits = schema.limits ?? {};
  if (typeof value === "number" && schema.type === "integer") checkRange(value, limits.format, report);
  if (limits.enum && !limits.enum.some((allowed) => isAllowed(value, allowed))) {
    const allowed = limits.enum.map((item) =>
      JSON.stringify(typeof item === "string" ? item : JSON.stringify(item)),
    );
    report.add(
      fieldError("FieldValueNotSupported", report.path, `supported values: ${allowed.join(", ")}`, value),
    );
  }
  if (typeof value === "string") checkString(value, limits, report);
  else if (typeof value === "number") checkNumber(value, limits, report);
  else if (Array.isArray(value)) checkList(value, limits, report);
  else if (isJsonObject(value)) checkMap(Object.keys(value).length, limits, report);
}

/** A number meets a whole one by its whole part: the type's error is enough (Go converts to compare). */
function isAllowed(value: Json, allowed: Json): boolean {
  if (typeof value === "number" && Number.isInteger(allowed)) return Math.trunc(value) === allowed;
  return equalJson(allowed, value);
}

function checkString(value: string, limits: SchemaLimits, report: Report): void {
  const { path } = report;
  const length = limits.minLength === undefined && limits.maxLength === undefined ? 0 : [...value].length;
  if (limits.maxLength !== undefined && length > limits.maxLength) {
    const unit = limits.maxLength === 1 ? "byte" : "bytes";
    report.add(fieldError("FieldValueTooLong", path, `may not be more than ${limits.maxLength} ${unit}`));
  }
  const isTooLong = limits.maxLength !== undefined && length > limits.maxLength;
  // Of length and pattern the first that fails is told.
  if (limits.minLength !== undefined && length < limits.minLength) {
    invalid(`should be at least ${limits.minLength} chars long`, value, report);
  } else if (!isTooLong && limits.pattern && !limits.pattern.test(value)) {
    invalid(`should match '${limits.patternText}'`, value, report);
  }
  if (limits.format && !matchesFormat(value, limits.format)) {
    const detail = `${inBody(path)} must be of type ${limits.format}: ${JSON.stringify(value)}`;
    report.add(fieldError("FieldValueTypeInvalid", path, detail, value));
  }
}

function checkNumber(value: number, limits: SchemaLimits, report: Report): void {
  // Bounds of whole numbers are cut to whole numbers.
  const bound = (limit: number) => (Number.isInteger(value) ? Math.trunc(limit) : limit);
  const { minimum, maximum, multipleOf } = limits;
  if (maximum !== undefined) {
    const most = bound(maximum);
    const orEqual = limits.exclusiveMaximum ? "" : "or equal to ";
    const isOver = limits.exclusiveMaximum ? value >= most : value > most;
    if (isOver) invalid(`should be less than ${orEqual}${most}`, value, report);
  }
  if (minimum !== undefined) {
    const least = bound(minimum);
    const orEqual = limits.exclusiveMinimum ? "" : "or equal to ";
    const isUnder = limits.exclusiveMinimum ? value <= least : value < least;
    if (isUnder) invalid(`should be greater than ${orEqual}${least}`, value, report);
  }
  if (multipleOf === undefined) return;
  const factor = bound(multipleOf);
  if (factor <= 0) {
    const detail = `factor MultipleOf declared for ${report.path} must be positive: ${factor}`;
    report.add(fieldError("FieldValueInvalid", report.path, detail, factor));
  } else if (!Number.isInteger(factor < 1 ? (1 / factor) * value : value / factor)) {
    invalid(`should be a multiple of ${factor}`, value, report);
  }
}

function checkRange(value: number, format: string | undefined, { path, add }: Report): void {
  const fits = Number.isInteger(value) && (format !== "int32" || Math.abs(value + 0.5) < 2 ** 31);
  if (fits) return;
  const type = format === undefined ? "integer (default format)" : `integer with format ${format}`;
  add(fieldError("FieldValueInvalid", "", `Checked value must be of type ${type} in ${path}`, ""));
}

function checkList(value: readonly Json[], limits: SchemaLimits, report: Report): void {
  const { minItems, maxItems } = limits;
  if (maxItems !== undefined && value.length > maxItems) tooMany(value.length, maxItems, report);
  if (minItems !== undefined && value.length < minItems) {
    invalid(`should have at least ${minItems} items`, value.length, report);
  }
}

function checkMap(size: number, limits: SchemaLimits, report: Report): void {
  const { minProperties, maxProperties } = limits;
  if (maxProperties !== undefined && size > maxProperties) tooMany(size, maxProperties, report);
  if (minProperties !== undefined && size < minProperties) {
    invalid(`should have at least ${minProperties} properties`, size, report);
  }
}

function tooMany(size: number, most: number, { path, add }: Report): void {
  const detail = `must have at most ${most} ${most === 1 ? "item" : "items"}`;
  add(fieldError("FieldValueTooMany", path, detail, size));
}

function invalid(text: string, value: Json, { path, add }: Report): void {
  add(fieldError("FieldValueInvalid", path, `${inBody(path)} ${text}`, value));
}
