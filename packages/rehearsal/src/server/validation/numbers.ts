// Numbers, percentages and quantities (kubernetes pkg/apis/{core,apps}/validation).
import { type FieldError, parseQuantity } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { numberAt } from "../../admission/read-json.ts";
import { invalidValue } from "../field-error.ts";

const LEAST_ZERO = "must be greater than or equal to 0";

/** An error when the number in a field is negative. */
export function notNegative(object: JsonObject, field: string, path: string): FieldError[] {
  const value = numberAt(object, field);
  return value === undefined || value >= 0 ? [] : [invalidValue(`${path}.${field}`, value, LEAST_ZERO)];
}

/** A number of at least zero, or a percentage as text. */
export function validatePercent(value: Json | undefined, path: string): FieldError[] {
  if (typeof value === "number") return value >= 0 ? [] : [invalidValue(path, value, LEAST_ZERO)];
  if (typeof value !== "string" || /^[0-9]+%$/.test(value)) return [];
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return [invalidValue(path, value, detail)];
}

/** An error for a percentage above 100. */
export function validateWhole(value: Json | undefined, path: string): FieldError[] {
  const percent = typeof value === "string" ? /^([0-9]+)%$/.exec(value)?.[1] : undefined;
  if (percent === undefined || Number(percent) <= 100) return [];
  return [invalidValue(path, value, "must not be greater than 100%")];
}

/** The number of a number or percentage; 0 where there is none. */
export function countOf(value: Json | undefined): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? Number(/^([0-9]+)%$/.exec(value)?.[1] ?? 0) : 0;
}

/** A quantity as a number. */
export function amount(value: Json | undefined): number {
  return Number(parseQuantity(String(value)));
}

/** An error for a quantity below zero. */
export function validateQuantity(value: Json | undefined, path: string): FieldError[] {
  return amount(value) >= 0 ? [] : [invalidValue(path, value, LEAST_ZERO)];
}
