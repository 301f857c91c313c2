// Ports (kubernetes pkg/apis/core/validation).
import type { FieldError } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import { invalidValue } from "../field-error.ts";
import { checkPortName, invalidText } from "./names.ts";

/** A port's number. */
export function validatePortNumber(port: number, path: string): FieldError[] {
  return port >= 1 && port <= 65_535
    ? []
    : [invalidValue(path, port, "must be between 1 and 65535, inclusive")];
}

/** A port by number or by name; what is absent is number 0. */
export function validatePort(port: Json | undefined, path: string): FieldError[] {
  if (typeof port !== "string") return validatePortNumber(typeof port === "number" ? port : 0, path);
  return invalidText(path, port, checkPortName);
}
