import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { toApiError } from "./errors.ts";
import { mapsAt, textAt } from "./readiness/fields.ts";
import type { ServedResource, ServedSubresource } from "./resource-types.ts";
import type { Transport } from "./transport.ts";

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const agreeable = `${aggregated},application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`;

/** What discovery found. Group versions whose own server did not answer are named, not fatal. */
export interface Discovery {
  readonly resources: readonly ServedResource[];
  /** `group/version` of aggregated APIs that could not be asked, with what was said. */
  readonly unavailable: readonly { readonly groupVersion: string; readonly message: string }[];
}

/**
 * What a server serves: two requests where it aggregates its discovery (KEP-3352), one per group and version
 * where it does not. Throws ApiError, or what the transport throws.
 */
export async function discover(options: {
  readonly transport: Transport;
  readonly userAgent: string;
}): Promise<Discovery> {
  const read = async (path: string, accept: string): Promise<JsonObject> => {
    const headers = { accept, "user-agent": options.userAgent };
    const response = await options.transport({ method: "GET", path, headers });
    const text = await response.text();
    if (response.status >= 400) throw toApiError(response.status, text, response.headers["retry-after"]);
    const body: Json = JSON.parse(text);
    return isJsonObject(body) ? body : {};
  };
  const resources: ServedResource[] = [];
  const unavailable: { groupVersion: string; message: string }[] = [];
  for (const root of ["/api", "/apis"]) {
    const body = await read(root, agreeable);
    if (body.kind === "APIGroupDiscoveryList") {
      for (const group of mapsAt(body, "items")) readAggregated(group, resources, unavailable);
      continue;
    }
    for (const { path, groupVersion } of plainVersions(root, body)) {
      try {
        readPlain(await read(path, "application/json"), groupVersion, resources);
      } catch (error) {
        if (root === "/api" || !(error instanceof Error) || error.name !== "ApiError") throw error;
        unavailable.push({ groupVersion, message: error.message });
      }
    }
  }
  return { resources, unavailable };
}

function readAggregated(
  item: JsonObject,
  resources: ServedResource[],
  unavailable: { groupVersion: string; message: string }[],
): void {
  const group = isJsonObject(item.metadata) ? textAt(item.metadata, "name") : "";
  for (const entry of mapsAt(item, "versions")) {
    const version = textAt(entry, "version");
    if (entry.freshness === "Stale") {
      unavailable.push({ groupVersion: `${group}/${version}`, message: "its server does not answer" });
    }
    for (const resource of mapsAt(entry, "resources")) {
      const responseKind = isJsonObject(resource.responseKind) ? resource.responseKind : {};
      resources.push({
        group,
        version,
        resource: textAt(resource, "resource"),
        kind: textAt(responseKind, "kind"),
        namespaced: resource.scope === "Namespaced",
        singular: textAt(resource, "singularResource"),
        shortNames: strings(resource.shortNames),
        categories: strings(resource.categories),
        verbs: strings(resource.verbs),
        subresources: mapsAt(resource, "subresources").map((sub) => ({
          name: textAt(sub, "subresource"),
          verbs: strings(sub.verbs),
          ...kindOf(isJsonObject(sub.responseKind) ? sub.responseKind : {}),
        })),
      });
    }
  }
}

function plainVersions(root: string, body: JsonObject): { path: string; groupVersion: string }[] {
  if (root === "/api")
    return strings(body.versions).map((version) => ({ path: `/api/${version}`, groupVersion: version }));
  return mapsAt(body, "groups").flatMap((group) => {
    const preferred = isJsonObject(group.preferredVersion)
      ? textAt(group.preferredVersion, "groupVersion")
      : "";
    const versions = mapsAt(group, "versions").map((version) => textAt(version, "groupVersion"));
    versions.sort((a, b) => Number(b === preferred) - Number(a === preferred));
    return versions.map((groupVersion) => ({ path: `/apis/${groupVersion}`, groupVersion }));
  });
}

function readPlain(body: JsonObject, groupVersion: string, into: ServedResource[]): void {
  const slash = groupVersion.indexOf("/");
  const group = slash < 0 ? "" : groupVersion.slice(0, slash);
  const version = groupVersion.slice(slash + 1);
  const entries = mapsAt(body, "resources");
  const subresources = new Map<string, ServedSubresource[]>();
  for (const entry of entries) {
    const [resource = "", name] = textAt(entry, "name").split("/");
    if (name === undefined) continue;
    const known = subresources.get(resource) ?? [];
    known.push({ name, verbs: strings(entry.verbs), ...kindOf(entry) });
    subresources.set(resource, known);
  }
  for (const entry of entries) {
    const resource = textAt(entry, "name");
    if (resource.includes("/")) continue;
    into.push({
      group,
      version,
      resource,
      kind: textAt(entry, "kind"),
      namespaced: entry.namespaced === true,
      singular: textAt(entry, "singularName") || textAt(entry, "kind").toLowerCase(),
      shortNames: strings(entry.shortNames),
      categories: strings(entry.categories),
      verbs: strings(entry.verbs),
      subresources: subresources.get(resource) ?? [],
    });
  }
}

function kindOf(entry: JsonObject): { kind: string; group?: string; version?: string } {
  const version = textAt(entry, "version");
  return { kind: textAt(entry, "kind"), ...(version ? { group: textAt(entry, "group"), version } : {}) };
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
