// The API server's refusals, in its own words (apimachinery api/errors).
import { type FieldError, formatFieldErrors, type ResourceType, toCauses } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { StatusError } from "./status-error.ts";

type Named = Pick<ResourceType, "group" | "resource">;

/** `deployments.apps`, or `pods` in the core group. */
export function qualifiedResource({ group, resource }: Named): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function detailsOf(type: Named, name: string, more: JsonObject = {}): JsonObject {
  return {
    ...(name ? { name } : {}),
    ...(type.group ? { group: type.group } : {}),
    kind: type.resource,
    ...more,
  };
}

export function notFound(type: Named, name: string): StatusError {
  return new StatusError(
    404,
    "NotFound",
    `${qualifiedResource(type)} "${name}" not found`,
    detailsOf(type, name),
  );
}

/** `deleted`: the object that is there is on its way out. */
export function alreadyExists(type: Named, name: string, deleted = false): StatusError {
  const message = `${deleted ? "object is being deleted: " : ""}${qualifiedResource(type)} "${name}" already exists`;
  return new StatusError(409, "AlreadyExists", message, detailsOf(type, name));
}

/** A write that met another one, or whose precondition does not hold. */
export function conflict(type: Named, name: string, cause: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(type)} "${name}": ${cause}`;
  return new StatusError(409, "Conflict", message, detailsOf(type, name));
}

/** What a stale resourceVersion is answered with. */
export function modified(type: Named, name: string): StatusError {
  return conflict(
    type,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

export function forbidden(type: Named, name: string, cause: string): StatusError {
  const what = name ? `${qualifiedResource(type)} "${name}"` : qualifiedResource(type);
  const message = `${what} is forbidden: ${cause}`;
  return new StatusError(403, "Forbidden", message, detailsOf(type, name));
}

/** A verb that a path does not take. */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}

/** A path below a group and version that is served, under which nothing is. */
export function noSuchResource(): StatusError {
  return new StatusError(404, "NotFound", "the server could not find the requested resource", {});
}

/** What an `Accept` header gets that names nothing which the server can give. */
export function notAcceptable(): StatusError {
  const available = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
  return new StatusError(
    406,
    "NotAcceptable",
    `406: Not Acceptable\n\nAvailable representations: ${available}`,
  );
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new StatusError(415, "UnsupportedMediaType", message);
}

/** The refusal of an object whose fields do not validate; `type.kind` names it, one cause per field. */
export function invalid(
  type: Pick<ResourceType, "group" | "kind">,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const kind = type.group === "" ? type.kind : `${type.kind}.${type.group}`;
  const details = {
    ...(name ? { name } : {}),
    ...(type.group ? { group: type.group } : {}),
    kind: type.kind,
    causes: toCauses(errors),
  };
  const message = `${kind} "${name}" is invalid: ${formatFieldErrors(errors)}`;
  return new StatusError(422, "Invalid", message, details);
}
