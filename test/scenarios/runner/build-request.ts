// Turns a step into the HTTP request that a client would send.
import {
  collectionPath,
  type createMapper,
  type HttpRequest,
  type MappedResource,
  objectPath,
} from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { Step } from "./scenario.ts";

type Mapper = ReturnType<typeof createMapper>;

const contentTypes: Partial<Record<Step["verb"], string>> = {
  apply: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
};

/** Builds the request of a step whose placeholders are filled in, for objects in `namespace`. */
export function buildRequest(
  step: Step,
  { mapper, namespace }: { mapper: Mapper; namespace: string },
): HttpRequest {
  const { verb, body } = step;
  if (verb === "request") {
    const [method = "GET", path = "/"] = step.target.split(" ");
    const request = { method: method as HttpRequest["method"], path: withQuery(path, step.query) };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { "content-type": "application/json", ...step.headers };
    return body === undefined ? { ...request, headers: step.headers } : { ...request, headers, body: text };
  }
  const [kind = "", name = ""] = step.target.split("/");
  const type = mapper.resolve(kind)[0];
  if (!type) throw new Error(`line ${step.line}: nobody serves ${kind}`);
  const sub = step.subresource ? `/${step.subresource}` : "";
  const one = () => objectPath(type, namespace, name) + sub;
  const all = () => collectionPath(type, type.namespaced ? namespace : undefined);
  const query = { ...(verb === "apply" ? applyQuery(step) : managerQuery(step)), ...step.query };
  const send = (method: HttpRequest["method"], path: string, content: Json | undefined): HttpRequest => ({
    method,
    path: withQuery(path, query),
    headers: { "content-type": contentTypes[verb] ?? "application/json", ...step.headers },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  });
  switch (verb) {
    case "create":
      return send("POST", sub ? one() : all(), objectOf(type, name, body));
    case "update":
      return send("PUT", one(), objectOf(type, name, body));
    case "apply":
      return send("PATCH", one(), objectOf(type, name, body));
    case "merge":
    case "strategic":
    case "json":
      return send("PATCH", one(), body);
    case "delete":
      return send("DELETE", one(), body);
    case "deleteAll":
      return send("DELETE", all(), body);
    case "watch":
      return { method: "GET", path: withQuery(all(), { watch: "true", ...query }), headers: step.headers };
    default:
      return {
        method: "GET",
        path: withQuery(verb === "list" ? all() : one(), query),
        headers: step.headers,
      };
  }
}

function objectOf(type: MappedResource, name: string, body: Json | undefined): JsonObject {
  const rest = isJsonObject(body) ? body : {};
  const metadata: JsonObject = {
    ...(name ? { name } : {}),
    ...(isJsonObject(rest.metadata) ? rest.metadata : {}),
  };
  const apiVersion = type.group ? `${type.group}/${type.version}` : type.version;
  return { apiVersion, kind: type.kind, ...rest, metadata };
}

function applyQuery(step: Step): Record<string, string> {
  return { fieldManager: step.manager ?? "tester", ...(step.force ? { force: "true" } : {}) };
}

function managerQuery(step: Step): Record<string, string> {
  return step.manager ? { fieldManager: step.manager } : {};
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}${path.includes("?") ? "&" : "?"}${text}` : path;
}
