// How admission plugins refuse (apiserver pkg/admission/errors.go).
import type { JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";
import { forbidden } from "../server/status-errors.ts";
import type { AdmissionAttributes } from "./admission.ts";

/** `pods "x" is forbidden: …`, where a generated name that is not there yet shows as its prefix. */
export function refuse(attributes: AdmissionAttributes, cause: string, more?: JsonObject): StatusError {
  const { metadata } = attributes.object ?? attributes.oldObject ?? {};
  const name = attributes.name || metadata?.name || metadata?.generateName || "";
  const error = forbidden(attributes.type, name, cause);
  if (!more) return error;
  return new StatusError(error.code, error.reason, error.message, { ...error.details, ...more });
}

/** Whether the write is of a whole pod: not of its status, binding or another subresource. */
export function isPodWrite({ type, subresource }: AdmissionAttributes): boolean {
  return type.group === "" && type.resource === "pods" && !subresource;
}

/** Whether it creates a whole pod. */
export function isPodCreation(attributes: AdmissionAttributes): boolean {
  return attributes.operation === "CREATE" && isPodWrite(attributes);
}

/** What no client is to blame for. */
export function internalError(message: string): StatusError {
  return new StatusError(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}
