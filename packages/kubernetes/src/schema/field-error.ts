import type { JsonObject } from "@slipway/yaml";

/** A cause of an invalid object, as `details.causes` of a Status carries it. */
export interface FieldError {
  /** `FieldValueRequired`, `FieldValueInvalid`, `FieldValueTypeInvalid`, … */
  readonly reason: string;
  /** `spec.containers[0].name`; empty for the whole object. */
  readonly field: string;
  /** Without the field: `Required value`, `Invalid value: "x": must be …`. */
  readonly message: string;
}

/** `spec.foo: Required value`, as it stands in the message of a Status. */
export function formatFieldError(error: FieldError): string {
  return error.field === "" ? `<nil>: ${error.message}` : `${error.field}: ${error.message}`;
}

/** All errors as one text: alone as it is, several as `[a, b]` without repeats (apimachinery aggregate). */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(formatFieldError))];
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(", ")}]`;
}

/** The entries of `details.causes`. */
export function toCauses(errors: readonly FieldError[]): JsonObject[] {
  return errors.map((error) => ({ reason: error.reason, message: error.message, field: error.field }));
}
