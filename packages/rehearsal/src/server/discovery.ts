// What is served, plain (meta/v1) and aggregated (apidiscovery.k8s.io/v2, KEP-3352).
import { createHash } from "node:crypto";
import type { ServedSubresource } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { answerJson } from "./answers.ts";
import type { ServerContext } from "./context.ts";
import { parseAccept } from "./negotiate.ts";
import { apiVersionOf, type ServedType } from "./registry.ts";
import type { ApiAnswer, ApiRequest } from "./request.ts";

/** Answers `/api`, `/apis` and the groups and versions below; undefined for any other path. */
export function answerDiscovery(server: ServerContext, request: ApiRequest): ApiAnswer | undefined {
  if (request.method !== "GET") return undefined;
  const parts = request.path.split("/").filter((part) => part !== "");
  const [prefix, group, version] = parts;
  if (prefix === "api") {
    const core = server.registry.all().filter((type) => type.group === "");
    if (parts.length === 1) return answerRoot(request, core, () => coreVersions(request));
    return parts.length === 2 && group === "v1" ? answerJson(200, resourceList(core)) : undefined;
  }
  if (prefix !== "apis" || parts.length > 3) return undefined;
  const types = server.registry.all().filter((type) => type.group !== "");
  if (group === undefined) return answerRoot(request, types, groupList);
  const ofGroup = types.filter((type) => type.group === group);
  if (ofGroup.length === 0) return undefined;
  if (version === undefined) return answerJson(200, { ...heading("APIGroup"), ...describeGroup(ofGroup) });
  const ofVersion = ofGroup.filter((type) => type.version === version);
  return ofVersion.length === 0 ? undefined : answerJson(200, resourceList(ofVersion));
}

const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

function answerRoot(
  request: ApiRequest,
  types: readonly ServedType[],
  plain: (types: readonly ServedType[]) => JsonObject,
): ApiAnswer {
  const wantsAggregated = parseAccept(request.headers.accept).some(
    ({ type, parameters }) =>
      type === "application/json" &&
      parameters.as === "APIGroupDiscoveryList" &&
      parameters.g === "apidiscovery.k8s.io" &&
      parameters.v === "v2",
  );
  if (!wantsAggregated) return answerJson(200, plain(types));
  const answer = answerJson(200, aggregated(types));
  return { ...answer, headers: { ...answer.headers, "content-type": aggregatedType } };
}

function heading(kind: string): JsonObject {
  return { kind, apiVersion: "v1" };
}

function coreVersions({ headers }: ApiRequest): JsonObject {
  const here = { clientCIDR: "0.0.0.0/0", serverAddress: headers.host ?? "" };
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [here] };
}

function groupList(types: readonly ServedType[]): JsonObject {
  return { ...heading("APIGroupList"), groups: [...groupBy(types, "group").values()].map(describeGroup) };
}

/** One group with its versions, the preferred one first. */
function describeGroup(types: readonly ServedType[]): JsonObject {
  const versions = [...groupBy(types, "version").keys()].map((version) => ({
    groupVersion: `${types[0]?.group}/${version}`,
    version,
  }));
  return { name: types[0]?.group ?? "", versions, preferredVersion: versions[0] ?? {} };
}

function resourceList(types: readonly ServedType[]): JsonObject {
  const [first] = types;
  const resources = types.flatMap((type) => [
    {
      name: type.resource,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: [...type.verbs],
      ...(type.shortNames.length > 0 ? { shortNames: [...type.shortNames] } : {}),
      ...(type.categories.length > 0 ? { categories: [...type.categories] } : {}),
      ...storageVersionHash(type),
    },
    ...type.subresources.map((subresource) => ({
      name: `${type.resource}/${subresource.name}`,
      singularName: "",
      namespaced: type.namespaced,
      ...(subresource.version ? { group: subresource.group ?? "", version: subresource.version } : {}),
      kind: subresource.kind,
      verbs: [...subresource.verbs],
    })),
  ]);
  return {
    ...heading("APIResourceList"),
    groupVersion: first ? apiVersionOf(first) : "",
    resources: resources.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** What changes when a kind comes to be stored in another version (apiserver endpoints/discovery). */
function storageVersionHash({ kind, storedAs, verbs }: ServedType): JsonObject {
  const isStored = verbs.includes("create") && verbs.includes("get");
  if (!isStored) return {};
  const home = storedAs.includes("/") ? storedAs : `/${storedAs}`;
  const digest = createHash("sha256").update(`${home}/${kind}`).digest();
  return { storageVersionHash: digest.subarray(0, 8).toString("base64") };
}

function aggregated(types: readonly ServedType[]): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: [...groupBy(types, "group").entries()].map(([group, ofGroup]) => ({
      metadata: group === "" ? {} : { name: group },
      versions: [...groupBy(ofGroup, "version").entries()].map(([version, ofVersion]) => ({
        version,
        resources: ofVersion.map(describeResource),
        freshness: "Current",
      })),
    })),
  };
}

function describeResource(type: ServedType): JsonObject {
  return {
    resource: type.resource,
    responseKind: responseKind(type, type.kind),
    scope: type.namespaced ? "Namespaced" : "Cluster",
    singularResource: type.singular,
    verbs: [...type.verbs],
    ...(type.shortNames.length > 0 ? { shortNames: [...type.shortNames] } : {}),
    ...(type.categories.length > 0 ? { categories: [...type.categories] } : {}),
    ...(type.subresources.length > 0
      ? { subresources: type.subresources.map((subresource) => describeSubresource(type, subresource)) }
      : {}),
  };
}

function describeSubresource(type: ServedType, subresource: ServedSubresource): JsonObject {
  const { name, kind, group, version, verbs } = subresource;
  return {
    subresource: name,
    responseKind: version ? { group: group ?? "", version, kind } : responseKind(type, kind),
    verbs: [...verbs],
  };
}

/** Built-in resources leave group and version to the list around them; custom ones name theirs. */
function responseKind(type: ServedType, kind: string): JsonObject {
  return type.custom ? { group: type.group, version: type.version, kind } : { group: "", version: "", kind };
}

function groupBy(types: readonly ServedType[], by: "group" | "version"): Map<string, ServedType[]> {
  const groups = new Map<string, ServedType[]>();
  for (const type of types) {
    const members = groups.get(type[by]);
    if (members) members.push(type);
    else groups.set(type[by], [type]);
  }
  return groups;
}
