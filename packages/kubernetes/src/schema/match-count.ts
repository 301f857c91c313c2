// How well a value meets an alternative, which decides whose mistakes are told (kube-openapi, Result.MatchCount).
import { isJsonObject, type Json } from "@slipway/yaml";
import { checkType } from "./check-value.ts";
import { knowsFormat } from "./formats.ts";
import type { Schema, SchemaLimits } from "./schema.ts";

/** Whether a value is valid under a schema. */
export type IsValid = (value: Json, schema: Schema) => boolean;

/**
 * The number of checks that had something to look at in a value, and of types that were met, counted as
 * kube-openapi's validators do.
 */
export function matchCount(value: Json, schema: Schema, isValid: IsValid): number {
  if (value === null) return ofType(value, schema) ? 1 : 0;
  const count = (part: Json, of: Schema) => matchCount(part, of, isValid);
  const limits = schema.limits ?? {};
  const typed = schema.type !== "any" || schema.intOrString || limits.format !== undefined;
  // Every validator that applies counts one, and so does the whole; what is behind are the validators' own counts.
  const inAll = 2 + 1 + countAlternatives(value, limits, isValid);
  const inType = typed ? 1 + Number(ofType(value, schema)) : 0;
  return 1 + inAll + inType + countInside(value, schema, count);
}

function countInside(value: Json, schema: Schema, count: (part: Json, of: Schema) => number): number {
  if (typeof value === "number") return 2;
  if (typeof value === "string") return knowsFormat(schema.limits?.format) ? 2 : 1;
  if (Array.isArray(value)) {
    const { items } = schema;
    return 2 + (items ? sum(value.map((item) => count(item, items))) : 0);
  }
  if (!isJsonObject(value)) return 0;
  const others = typeof schema.additional === "object" ? schema.additional : undefined;
  const parts = Object.entries(value).map(([key, part]) => {
    const type = schema.properties?.get(key) ?? others;
    return type ? count(part ?? null, type) : 0;
  });
  return 1 + sum(parts);
}

/** Of `anyOf` and `oneOf` the alternative counts that is valid or comes nearest, of `allOf` all. */
function countAlternatives(value: Json, { anyOf, oneOf, allOf }: SchemaLimits, isValid: IsValid): number {
  const count = (schema: Schema) => matchCount(value, schema, isValid);
  const chosen = (schemas: readonly Schema[]) => {
    const valid = schemas.find((schema) => isValid(value, schema));
    return valid ? count(valid) : Math.max(0, ...schemas.map(count));
  };
  const several = (oneOf ?? []).filter((schema) => isValid(value, schema)).length > 1;
  return chosen(anyOf ?? []) + (several ? 0 : chosen(oneOf ?? [])) + sum((allOf ?? []).map(count));
}

function ofType(value: Json, schema: Schema): boolean {
  let fits = true;
  checkType(value, schema, {
    path: "",
    add: () => {
      fits = false;
    },
  });
  return fits;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
