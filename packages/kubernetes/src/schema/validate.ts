// Validates custom resources as the API server does (apiextensions-apiserver, registry/customresource).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { checkLimits, checkType } from "./check-value.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import { oldItemFinder } from "./list-map.ts";
import { matchCount } from "./match-count.ts";
import type { Schema, SchemaLimits } from "./schema.ts";
import { validateLists } from "./validate-lists.ts";
import { hasRules, validateRules } from "./validate-rules.ts";

/** What a validation goes by. */
export interface ValidateOptions {
  /** The stored object of an update: transition rules, and what did not change is not refused. */
  readonly old?: JsonObject;
  /** Whether only the status is written: types and limits are then checked of it alone, as a document of its own. */
  readonly statusOnly?: boolean;
}

/** Rules are not tried on an object with one of these: they could not be evaluated. */
const blocking = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTypeInvalid",
  "FieldValueTooLong",
  "FieldValueTooMany",
]);

/**
 * Validates a custom resource against its schema, CEL rules included. Returns every cause, in the API server's
 * words; empty when valid.
 */
export function validateBySchema(
  object: JsonObject,
  schema: Schema,
  options: ValidateOptions = {},
): FieldError[] {
  const errors = options.statusOnly
    ? validateStatus(object, schema, options.old)
    : validateValue(object, schema, "", options.old);
  errors.push(...validateLists(object, schema, ""));
  if (!hasRules(schema)) return errors;
  if (errors.some((error) => blocking.has(error.reason))) {
    const detail =
      "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
    errors.push(fieldError("FieldValueInvalid", "", detail, null));
    return errors;
  }
  errors.push(...validateRules(object, schema, options.old));
  return errors;
}

function validateStatus(object: JsonObject, schema: Schema, old: JsonObject | undefined): FieldError[] {
  const status = schema.properties?.get("status");
  if (!status || object.status === undefined) return [];
  const errors = validateValue(object.status, status, "", old?.status);
  return errors.map((error) => ({ ...error, field: join("status", error.field) }));
}

/** Types, limits and required fields of a value and everything in it, rules left out. */
export function validateValue(value: Json, schema: Schema, path: string, old?: Json): FieldError[] {
  const errors: FieldError[] = [];
  walk(value, schema, path, old);
  return errors;

  function walk(value: Json, schema: Schema, path: string, old: Json | undefined): void {
    // Ratcheting: what an update leaves as it was is not held against it.
    if (old !== undefined && equalJson(value, old)) return;
    const report = { path, add: (error: FieldError) => void errors.push(error) };
    checkType(value, schema, report);
    checkLimits(value, schema, report);
    if (schema.limits && value !== null) errors.push(...checkAlternatives(value, schema.limits, path));
    if (Array.isArray(value)) walkList(value, schema, path, old);
    else if (isJsonObject(value)) walkMap(value, schema, path, old);
  }

  function walkList(list: readonly Json[], schema: Schema, path: string, old: Json | undefined): void {
    const items = schema.items;
    if (!items) return;
    const oldItem = oldItemFinder(schema, old);
    for (const [index, item] of list.entries()) walk(item, items, `${path}[${index}]`, oldItem(item));
  }

  function walkMap(map: JsonObject, schema: Schema, path: string, old: Json | undefined): void {
    const oldMap = isJsonObject(old) ? old : undefined;
    for (const key in map) {
      const value = map[key];
      const type =
        schema.properties?.get(key) ??
        (typeof schema.additional === "object" ? schema.additional : undefined);
      if (value !== undefined && type) walk(value, type, join(path, key), oldMap?.[key]);
    }
    for (const key of schema.required) {
      if (map[key] === undefined) errors.push(fieldError("FieldValueRequired", join(path, key), ""));
    }
    if (schema.embedded && path !== "") checkEmbedded(map, path);
  }

  function checkEmbedded(map: JsonObject, path: string): void {
    for (const key of ["apiVersion", "kind"]) {
      if (!map[key]) errors.push(fieldError("FieldValueRequired", join(path, key), ""));
    }
  }
}

function checkAlternatives(value: Json, limits: SchemaLimits, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const failures = (schemas: readonly Schema[]) =>
    schemas.map((schema) => validateValue(value, schema, path));
  const fail = (text: string) => errors.push(fieldError("FieldValueInvalid", "", `"${path}" ${text}`, ""));
  if (limits.anyOf) {
    const results = failures(limits.anyOf);
    if (!results.some((result) => result.length === 0)) {
      fail("must validate at least one schema (anyOf)");
      errors.push(...nearest(value, limits.anyOf, results));
    }
  }
  if (limits.oneOf) {
    const results = failures(limits.oneOf);
    const valid = results.filter((result) => result.length === 0).length;
    if (valid !== 1) {
      const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
      fail(`must validate one and only one schema (oneOf). ${found}`);
      if (valid === 0) errors.push(...nearest(value, limits.oneOf, results));
    }
  }
  if (limits.allOf) {
    const results = failures(limits.allOf);
    errors.push(...results.flat());
    const valid = results.filter((result) => result.length === 0).length;
    if (valid !== results.length) {
      fail(`must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`);
    }
  }
  if (limits.not && validateValue(value, limits.not, path).length === 0) {
    fail("must not validate the schema (not)");
  }
  return errors;
}

/** What is wrong with the alternative that comes nearest: the first of those that meet the value best. */
function nearest(value: Json, schemas: readonly Schema[], results: readonly FieldError[][]): FieldError[] {
  const counts = schemas.map((schema) => matchCount(value, schema, isValid));
  return results[counts.indexOf(Math.max(...counts))] ?? [];
}

function isValid(value: Json, schema: Schema): boolean {
  return validateValue(value, schema, "").length === 0;
}

function join(path: string, key: string): string {
  return path === "" || key === "" ? path + key : `${path}.${key}`;
}
