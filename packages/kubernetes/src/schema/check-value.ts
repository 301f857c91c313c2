// Checks one value against the limits of its schema, in the words of kube-openapi's validator.
import { isJsonObject, type Json } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import { matchesFormat } from "./formats.ts";
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

/** Whether the value is of the schema's type; reports when not. */
export function checkType(value: Json, schema: Schema, report: Report): boolean {
  const found = jsonTypeOf(value);
  if (schema.intOrString) {
    if (found === "integer" || found === "string" || (value === null && schema.nullable)) return true;
    reportType("integer,string", found, report);
    return false;
  }
  if (schema.type === "any" || found === schema.type) return true;
  if (value === null && schema.nullable) return true;
  if (schema.type === "number" && found === "integer") return true;
  reportType(schema.type, found, report);
  return false;
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
export function checkLimits(value: Json, limits: SchemaLimits, report: Report): void {
  if (limits.enum && value !== null && !limits.enum.some((allowed) => equalJson(allowed, value))) {
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

function checkString(value: string, limits: SchemaLimits, report: Report): void {
  const { path } = report;
  const length = limits.minLength === undefined && limits.maxLength === undefined ? 0 : [...value].length;
  if (limits.maxLength !== undefined && length > limits.maxLength) {
    const unit = limits.maxLength === 1 ? "byte" : "bytes";
    report.add(fieldError("FieldValueTooLong", path, `may not be more than ${limits.maxLength} ${unit}`));
  }
  if (limits.minLength !== undefined && length < limits.minLength) {
    invalid(`should be at least ${limits.minLength} chars long`, value, report);
  }
  if (limits.pattern && !limits.pattern.test(value)) {
    invalid(`should match '${limits.patternText}'`, value, report);
  }
  if (limits.format && !matchesFormat(value, limits.format)) {
    const detail = `${inBody(path)} must be of type ${limits.format}: ${JSON.stringify(value)}`;
    report.add(fieldError("FieldValueTypeInvalid", path, detail, value));
  }
}

function checkNumber(value: number, limits: SchemaLimits, report: Report): void {
  const { minimum, maximum, multipleOf } = limits;
  if (maximum !== undefined && (limits.exclusiveMaximum ? value >= maximum : value > maximum)) {
    invalid(`should be less than ${limits.exclusiveMaximum ? "" : "or equal to "}${maximum}`, value, report);
  }
  if (minimum !== undefined && (limits.exclusiveMinimum ? value <= minimum : value < minimum)) {
    invalid(
      `should be greater than ${limits.exclusiveMinimum ? "" : "or equal to "}${minimum}`,
      value,
      report,
    );
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    invalid(`should be a multiple of ${multipleOf}`, value, report);
  }
  if (limits.format === "int32" && Math.abs(value + 0.5) > 2 ** 31) {
    const detail = `${inBody(report.path)} must be of type int32: "${value}"`;
    report.add(fieldError("FieldValueTypeInvalid", report.path, detail, value));
  }
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
