// The bodies of requests.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { RequestContext } from "./context.ts";
import { apiVersionOf } from "./registry.ts";
import { badRequest, unsupportedMediaType } from "./status-errors.ts";

/** Media types of bodies; without one a body is taken to be JSON. */
const acceptedTypes: ReadonlySet<string> = new Set(["", "application/json", "application/yaml"]);

/** Parses a body that must be JSON. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type JSON): ${describe(error)}`);
  }
}

/** The object in a body, checked to be of the kind and version that the path names; it may be changed freely. */
export function parseObject(context: RequestContext, text: string): KubernetesObject {
  const [mediaType = ""] = (context.request.headers["content-type"] ?? "").split(";");
  if (!acceptedTypes.has(mediaType.trim())) throw unsupportedMediaType([...acceptedTypes].slice(1));
  return checkObject(context, parseJson(text));
}

/** A value that is to be an object of the request's kind; apiVersion and kind are filled in where they lack. */
export function checkObject(context: RequestContext, value: Json): KubernetesObject {
  const { type, info } = context;
  if (!isJsonObject(value)) throw badRequest(`the body of the request is not an object of kind ${type.kind}`);
  const sub = type.subresources.find(({ name }) => name === info.subresource);
  const kind = sub?.kind ?? type.kind;
  const apiVersion = sub?.group ? `${sub.group}/${sub.version}` : apiVersionOf(type);
  value.kind ??= kind;
  value.apiVersion ??= apiVersion;
  if (value.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${value.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (value.kind !== kind) {
    throw badRequest(
      `${String(value.kind)} in version ${JSON.stringify(type.version)} cannot be handled as a ${kind}`,
    );
  }
  if (value.metadata === undefined || value.metadata === null) value.metadata = {};
  if (!isJsonObject(value.metadata)) throw badRequest("metadata is not an object");
  return value as KubernetesObject;
}

/** DeleteOptions from the body and the query (which wins where it speaks). */
export function parseDeleteOptions(context: RequestContext): JsonObject {
  const { request } = context;
  const parsed = request.body.trim() === "" ? {} : parseJson(request.body);
  const options: JsonObject = isJsonObject(parsed) ? { ...parsed } : {};
  for (const name of ["propagationPolicy", "gracePeriodSeconds", "dryRun"] as const) {
    const value = request.query.get(name);
    if (value === null) continue;
    options[name] = name === "gracePeriodSeconds" ? Number(value) : name === "dryRun" ? [value] : value;
  }
  return options;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
