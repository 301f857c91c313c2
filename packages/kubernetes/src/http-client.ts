import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type {
  Client,
  ListOptions,
  ObjectList,
  PatchBody,
  ResourceType,
  WatchEvent,
  WriteOptions,
} from "./client.ts";
import { ApiError, ConnectionError, toApiError } from "./errors.ts";
import type { KubernetesObject } from "./object.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

/** How a client speaks: over what, and under which name. */
export interface ClientSettings {
  readonly transport: Transport;
  readonly userAgent: string;
  /** Objects per page of a list, unless the call says otherwise (500 as kubectl; 0: everything at once). */
  readonly pageSize?: number;
}

const patchTypes: Readonly<Record<PatchBody["type"], string>> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
};

/** A {@link Client} over a transport. URLs come from the {@link ResourceType}; nothing is discovered. */
export function createClient(settings: ClientSettings): Client {
  const { transport, userAgent, pageSize = 500 } = settings;

  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const headers = { accept: "application/json", "user-agent": userAgent, ...request.headers };
    let response: HttpResponse;
    try {
      response = await transport({ ...request, headers });
    } catch (cause) {
      throw toConnectionError(cause, request);
    }
    if (response.status >= 400) {
      throw toApiError(response.status, await response.text(), response.headers["retry-after"]);
    }
    return response;
  };
  const sendForObject = async (request: HttpRequest): Promise<KubernetesObject> =>
    parseBody(await send(request));
  const write = (
    method: HttpRequest["method"],
    path: string,
    body: string,
    options: WriteOptions,
    type?: string,
  ) =>
    ({
      method,
      path: path + query(writeParameters(options)),
      headers: { "content-type": type ?? "application/json" },
      body,
      ...(options.signal ? { signal: options.signal } : {}),
    }) satisfies HttpRequest;

  return {
    get(type, ref, options = {}) {
      return sendForObject({ method: "GET", path: objectPath(type, ref.namespace, ref.name), ...options });
    },

    async list(type, options = {}): Promise<ObjectList> {
      const items: KubernetesObject[] = [];
      const limit = options.limit ?? pageSize;
      let resourceVersion = "";
      let next = "";
      do {
        const parameters = { ...selection(options), limit: limit || undefined, continue: next || undefined };
        const page: JsonObject = await sendForObject({
          method: "GET",
          path: collectionPath(type, options.namespace) + query(parameters),
          ...(options.metadataOnly ? { headers: { accept: metadataForm("PartialObjectMetadataList") } } : {}),
          ...signalOf(options),
        });
        if (Array.isArray(page.items)) for (const item of page.items) items.push(completeItem(item, type));
        const meta = isJsonObject(page.metadata) ? page.metadata : {};
        resourceVersion = String(meta.resourceVersion ?? "");
        next = typeof meta.continue === "string" ? meta.continue : "";
      } while (next !== "");
      return { items, resourceVersion };
    },

    async *watch(type, options): AsyncGenerator<WatchEvent> {
      const parameters = {
        ...selection(options),
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: options.resourceVersion,
      };
      const request: HttpRequest = {
        method: "GET",
        path: collectionPath(type, options.namespace) + query(parameters),
        ...(options.metadataOnly ? { headers: { accept: metadataForm("PartialObjectMetadata") } } : {}),
        ...signalOf(options),
      };
      const response = await send(request);
      try {
        for await (const line of response.lines()) {
          if (line === "") continue;
          const event = parseWatchLine(line);
          yield { ...event, object: completeItem(event.object, type) };
        }
      } catch (cause) {
        if (cause instanceof ApiError) throw cause;
        throw toConnectionError(cause, request);
      }
    },

    async serves(type, options = {}) {
      try {
        const list: JsonObject = await sendForObject({
          method: "GET",
          path: groupVersionPath(type),
          ...options,
        });
        const resources = Array.isArray(list.resources) ? list.resources : [];
        return resources.some((resource) => isJsonObject(resource) && resource.name === type.resource);
      } catch (error) {
        if (error instanceof ApiError && error.code === 404) return false;
        throw error;
      }
    },

    create(type, object, options = {}) {
      const path = options.subresource
        ? `${objectPath(type, object.metadata.namespace, object.metadata.name)}/${options.subresource}`
        : collectionPath(type, object.metadata.namespace);
      return sendForObject(write("POST", path, JSON.stringify(object), options));
    },

    update(type, object, options = {}) {
      const path = writePath(type, object.metadata, options);
      return sendForObject(write("PUT", path, JSON.stringify(object), options));
    },

    patch(type, ref, body, options = {}) {
      const path = writePath(type, ref, options);
      return sendForObject(write("PATCH", path, JSON.stringify(body.patch), options, patchTypes[body.type]));
    },

    async apply(type, object, options) {
      const path = writePath(type, object.metadata, options);
      const request = write("PATCH", path, JSON.stringify(object), options, "application/apply-patch+yaml");
      const response = await send(
        options.force ? { ...request, path: addParameter(request.path, "force=true") } : request,
      );
      if (options.onWarning) for (const text of warningsOf(response.headers)) options.onWarning(text);
      return parseBody(response);
    },

    delete(type, ref, options = {}) {
      const { propagationPolicy, gracePeriodSeconds, preconditions, dryRun } = options;
      const body = JSON.stringify({
        kind: "DeleteOptions",
        apiVersion: "v1",
        propagationPolicy,
        gracePeriodSeconds,
        preconditions,
        dryRun: dryRun ? ["All"] : undefined,
      });
      return sendForObject({
        method: "DELETE",
        path: objectPath(type, ref.namespace, ref.name),
        headers: { "content-type": "application/json" },
        body,
        ...signalOf(options),
      });
    },
  };
}

/** `/apis/apps/v1/namespaces/kubeflow/deployments`; without a namespace, the collection of all namespaces. */
export function collectionPath(type: ResourceType, namespace?: string): string {
  const inside = type.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupVersionPath(type)}${inside}/${type.resource}`;
}

function groupVersionPath({ group, version }: ResourceType): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

function metadataForm(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1`;
}

/** The path of one object. A namespace given for a cluster-scoped resource is left out. */
export function objectPath(type: ResourceType, namespace: string | undefined, name: string): string {
  return `${collectionPath(type, namespace)}/${encodeURIComponent(name)}`;
}

/** The texts of the `Warning` headers (RFC 7234 section 5.5: code, agent, quoted text), joined by commas or not. */
export function warningsOf(headers: Readonly<Record<string, string>>): string[] {
  const texts: string[] = [];
  for (const match of (headers.warning ?? "").matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) {
    texts.push((match[1] ?? "").replace(/\\(.)/g, "$1"));
  }
  return texts;
}

function writePath(
  type: ResourceType,
  ref: { namespace?: string; name: string },
  options: WriteOptions,
): string {
  const path = objectPath(type, ref.namespace, ref.name);
  return options.subresource ? `${path}/${options.subresource}` : path;
}

function selection(options: ListOptions) {
  return { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector };
}

function writeParameters(options: WriteOptions) {
  return {
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
    dryRun: options.dryRun ? "All" : undefined,
  };
}

function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  let text = "";
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === "") continue;
    text += `${text === "" ? "?" : "&"}${name}=${encodeURIComponent(value)}`;
  }
  return text;
}

function addParameter(path: string, parameter: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${parameter}`;
}

function signalOf(options: { readonly signal?: AbortSignal }): { signal?: AbortSignal } {
  return options.signal ? { signal: options.signal } : {};
}

async function parseBody(response: HttpResponse): Promise<KubernetesObject> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConnectionError("the server's answer is not JSON; is this address a Kubernetes API server?", {
      cause,
    });
  }
}

/** Items of a list carry neither apiVersion nor kind; those of the resource are put back. */
/** Items of lists come without kind and apiVersion, and objects of which only the metadata was asked for with others. */
function completeItem(item: Json, type: ResourceType): KubernetesObject {
  const object = item as KubernetesObject;
  if (object.kind && object.apiVersion && object.kind !== "PartialObjectMetadata") return object;
  const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
  return { ...object, apiVersion, kind: type.kind };
}

function parseWatchLine(line: string): WatchEvent {
  const event: { type: string; object: KubernetesObject } = JSON.parse(line);
  if (event.type === "ERROR") {
    const status: JsonObject = event.object;
    throw new ApiError(typeof status.code === "number" ? status.code : 500, status);
  }
  return event as WatchEvent;
}

function toConnectionError(cause: unknown, request: HttpRequest): unknown {
  // An abort is the caller's own wish and keeps its identity.
  if (request.signal?.aborted || cause instanceof ConnectionError || cause instanceof ApiError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionError(`no answer to ${request.method} ${request.path.split("?")[0]}: ${detail}`, {
    cause,
  });
}
