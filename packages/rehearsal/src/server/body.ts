// The bodies of requests.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject, readYamlDocument } from "@slipway/yaml";
import type { RequestContext } from "./context.ts";
import { findDuplicateKeys } from "./duplicate-keys.ts";
import { invalidValue } from "./field-error.ts";
import { apiVersionOf } from "./registry.ts";
import type { RequestInfo } from "./request.ts";
import { badRequest, invalid, unsupportedMediaType } from "./status-errors.ts";

/** Media types of bodies; without one a body is taken to be JSON. */
const acceptedTypes: ReadonlySet<string> = new Set(["", "application/json", "application/yaml"]);

/** Parses a body that must be JSON; `kind` is what it should hold. */
export function parseJson(text: string, kind = "JSON"): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${describeSyntax(error, text)} (${text === "" ? "<empty>" : text.slice(0, 100)})`,
    );
  }
}

/** Parses a body that may be YAML. */
export function parseYaml(text: string): Json {
  try {
    return readYamlDocument(text).value;
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is wrong with a text that is no JSON; where Go's words are known, in those. */
export function describeSyntax(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("Unexpected end of JSON input")) return "unexpected end of JSON input";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (message.startsWith("Expected property name") && position) {
    return `invalid character '${text[Number(position)]}' looking for beginning of object key string`;
  }
  const token = /^Unexpected token '(.)'/.exec(message)?.[1];
  return token ? `invalid character '${token}' looking for beginning of value` : message;
}

/** Refuses an object that has another name than the path. */
export function checkName({ metadata }: KubernetesObject, { name }: RequestInfo): void {
  if (!metadata.name) {
    const url = `the name of the object (${name} based on URL)`;
    throw badRequest(`${url} was undeterminable: name must be provided`);
  }
  if (metadata.name === name) return;
  throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
}

/** Refuses a namespaced object that names another namespace than the path, and takes it from what has none. */
export function checkNamespace({ metadata }: KubernetesObject, { type, info }: RequestContext): void {
  if (!type.namespaced) {
    delete metadata.namespace;
    return;
  }
  if (!metadata.namespace) metadata.namespace = info.namespace ?? "";
  else if (metadata.namespace !== info.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}

/** The object in a body, checked to be of the kind and version that the path names; it may be changed freely. */
export function parseObject(context: RequestContext, text: string): KubernetesObject {
  const [mediaType = ""] = (context.request.headers["content-type"] ?? "").split(";");
  if (!acceptedTypes.has(mediaType.trim())) {
    throw unsupportedMediaType([...acceptedTypes].slice(1).concat("application/vnd.kubernetes.protobuf"));
  }
  const isYaml = mediaType.trim() === "application/yaml";
  return checkObject(context, isYaml ? parseYaml(text) : parseJson(text, context.type.kind));
}

/** The keys that the body gives twice. */
export function duplicatesOf({ request }: RequestContext): string[] {
  return request.body.startsWith("{") ? findDuplicateKeys(request.body) : [];
}

/** A value that is to be an object of the request's kind; apiVersion and kind are filled in where they lack. */
export function checkObject(context: RequestContext, value: Json): KubernetesObject {
  const { type, info } = context;
  if (!isJsonObject(value)) throw badRequest(`the body of the request is not an object of kind ${type.kind}`);
  const sub = type.subresources.find(({ name }) => name === info.subresource);
  const kind = sub?.kind ?? type.kind;
  const apiVersion = sub?.group ? `${sub.group}/${sub.version}` : apiVersionOf(type);
  // Custom resources have no type of their own by which what is missing could be told.
  if (!type.custom || sub?.group) {
    value.kind ??= kind;
    value.apiVersion ??= apiVersion;
  } else if (value.kind !== undefined && value.kind !== kind && value.apiVersion === apiVersion) {
    const error = invalidValue("kind", value.kind, `must be ${kind}`);
    const name = isJsonObject(value.metadata) ? String(value.metadata.name ?? "") : "";
    throw invalid({ group: type.group, kind: String(value.kind) }, name, [error]);
  }
  if (value.apiVersion !== apiVersion || value.kind !== kind) {
    throw badRequest(
      describeMismatch(context, String(value.apiVersion ?? ""), String(value.kind ?? ""), apiVersion, kind),
    );
  }
  if (value.metadata === undefined || value.metadata === null) value.metadata = {};
  // What else it is, is told by whoever reads it next.
  return value as KubernetesObject;
}

/** DeleteOptions from the body, or, when that is empty, from the query; never from both. */
export function parseDeleteOptions({ request }: RequestContext): JsonObject {
  if (request.body.trim() !== "") {
    const parsed = parseJson(request.body);
    return isJsonObject(parsed) ? { ...parsed } : {};
  }
  const options: JsonObject = {};
  for (const name of ["propagationPolicy", "gracePeriodSeconds", "dryRun"] as const) {
    const value = request.query.get(name);
    if (value === null) continue;
    options[name] = name === "gracePeriodSeconds" ? Number(value) : name === "dryRun" ? [value] : value;
  }
  return options;
}

function describeMismatch(
  { server }: RequestContext,
  apiVersion: string,
  kind: string,
  wantedVersion: string,
  wantedKind: string,
): string {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const [, wantedGroup = "core"] = wantedVersion.split("/").reverse();
  const handled = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${wantedKind}`;
  if (apiVersion !== "" && !server.registry.findKind(group, kind, version)) {
    return `${handled}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  }
  if (kind === wantedKind) {
    return `the API version in the data (${apiVersion}) does not match the expected API version (${wantedVersion})`;
  }
  const internal = wantedGroup.split(".")[0];
  return `${handled}: converting (${version}.${kind}) to (${internal}.${wantedKind}): unknown conversion`;
}
