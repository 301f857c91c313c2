// One field that does not validate, in the words of apimachinery's util/validation/field.
import type { FieldError } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";

export function invalidValue(field: string, value: Json | undefined, detail: string): FieldError {
  const message = `Invalid value: ${show(value)}${detail === "" ? "" : `: ${detail}`}`;
  return { field, reason: "FieldValueInvalid", message };
}

export function requiredValue(field: string, detail = ""): FieldError {
  const message = detail === "" ? "Required value" : `Required value: ${detail}`;
  return { field, reason: "FieldValueRequired", message };
}

export function forbiddenValue(field: string, detail: string): FieldError {
  return { field, reason: "FieldValueForbidden", message: `Forbidden: ${detail}` };
}

export function duplicateValue(field: string, value: Json | undefined): FieldError {
  return { field, reason: "FieldValueDuplicate", message: `Duplicate value: ${show(value)}` };
}

export function tooLong(field: string, limit: number): FieldError {
  return { field, reason: "FieldValueTooLong", message: `Too long: may not be more than ${limit} bytes` };
}

export function tooMany(field: string, count: number, limit: number): FieldError {
  const message = `Too many: ${count}: must have at most ${limit} ${limit === 1 ? "item" : "items"}`;
  return { field, reason: "FieldValueTooMany", message };
}

export function unsupportedValue(
  field: string,
  value: Json | undefined,
  supported: readonly string[],
): FieldError {
  const list = supported.map((text) => JSON.stringify(text));
  const message = `Unsupported value: ${show(value)}: supported values: ${list.join(", ")}`;
  return { field, reason: "FieldValueNotSupported", message };
}

/** Values are shown as JSON; the real server shows composite ones as Go prints structs, which nobody parses. */
function show(value: Json | undefined): string {
  return value === undefined ? "null" : JSON.stringify(value);
}

/** What an object refers to in itself is not there. */
export function notFoundValue(field: string, value: Json | undefined, detail = ""): FieldError {
  const message = `Not found: ${show(value)}${detail === "" ? "" : `: ${detail}`}`;
  return { field, reason: "FieldValueNotFound", message };
}
