import type { FieldError } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import { unsupportedValue } from "../field-error.ts";

/** A text that is one of a few, the empty one included where it is meant; nothing is said of one that is not there. */
export function validateChoice(
  value: Json | undefined,
  path: string,
  choices: readonly string[],
): FieldError[] {
  if (value === undefined || value === null || choices.includes(String(value))) return [];
  return [unsupportedValue(path, value, choices)];
}
