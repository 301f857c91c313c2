import type { Json, JsonObject } from "@slipway/yaml";

/** Reasons of meta/v1.StatusCause, and how each begins its message (apimachinery util/validation/field). */
const titles = {
  FieldValueInvalid: "Invalid value",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueNotFound: "Not found",
  FieldValueNotSupported: "Unsupported value",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
} as const;

/** Why a field is refused. */
export type FieldErrorReason = keyof typeof titles;

/** A cause of an invalid object, as `details.causes` of a Status carries it. */
export interface FieldError {
  readonly reason: FieldErrorReason;
  /** `spec.containers[0].name`; empty for the whole object. */
  readonly field: string;
  /** Without the field: `Required value`, `Invalid value: "x": must be …`. */
  readonly message: string;
}

/** An error of a field; `value` is left out of the text where undefined, as for maps and lists too long to print. */
export function fieldError(
  reason: FieldErrorReason,
  field: string,
  detail: string,
  value?: Json,
): FieldError {
  const shown = value === undefined ? "" : `: ${formatValue(value)}`;
  return { reason, field, message: `${titles[reason]}${shown}${detail === "" ? "" : `: ${detail}`}` };
}

/** A value as the server prints it: texts quoted, lists and maps as Go's JSON, which escapes what HTML gives a meaning. */
function formatValue(value: Json): string {
  const text = JSON.stringify(value);
  if (typeof value !== "object") return text;
  return text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}

/** `spec.foo: Required value`, as it stands in the message of a Status. */
export function formatFieldError(error: FieldError): string {
  return `${error.field === "" ? "<nil>" : error.field}: ${error.message}`;
}

/** All errors as one text: alone as it is, several as `[a, b]` without repeats (apimachinery aggregate). */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(formatFieldError))];
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(", ")}]`;
}

/** The entries of `details.causes`. */
export function toCauses(errors: readonly FieldError[]): JsonObject[] {
  return errors.map((error) => ({
    reason: error.reason,
    message: error.message,
    field: error.field === "" ? "<nil>" : error.field,
  }));
}
