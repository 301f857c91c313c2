import type { FieldError } from "@slipway/kubernetes";
import { invalidValue } from "../field-error.ts";

/** A path that leads to somewhere below the folder that it starts from (core validation, validateLocalDescendingPath). */
export function validateDescendingPath(path: string, field: string): FieldError[] {
  const errors = path.startsWith("/") ? [invalidValue(field, path, "must be a relative path")] : [];
  if (path.split("/").includes("..")) errors.push(invalidValue(field, path, "must not contain '..'"));
  return errors;
}
