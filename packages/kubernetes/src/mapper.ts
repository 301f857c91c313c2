import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { groupOf, type KubernetesObject, versionOf } from "./object.ts";
import { builtinResources, type ServedResource } from "./resource-types.ts";

/** A resource with where the mapper knows it from. */
export interface MappedResource extends ServedResource {
  readonly source: "builtin" | "crd" | "discovery";
  /**
   * A controller is meant to write `status`: the CRD's version has the status subresource and a schema for
   * it. Absent where that cannot be known (discovery).
   */
  readonly expectsStatus?: boolean;
}

/** Finds resources by group and kind, or by what people call them. */
export interface ResourceMapper {
  /** In the given version if it is served, else in the preferred one; `undefined` when nobody serves the kind. */
  find(group: string, kind: string, version?: string): MappedResource | undefined;
  /** The resource of an object, in the object's own version; `undefined` when nobody serves that version. */
  findFor(object: KubernetesObject): MappedResource | undefined;
  /**
   * By kind, plural, singular or short name in any letter case, with `.group` or `.version.group` behind it if
   * wanted (`deploy`, `deployments.apps`, `certificates.v1.cert-manager.io`). One entry per group and kind.
   */
  resolve(name: string): MappedResource[];
  /** Every resource, the preferred version first. */
  all(): readonly MappedResource[];
}

/** What a mapper is made of. Built-in kinds are always known; what is named first wins. */
export interface MapperSources {
  /** Objects; the CustomResourceDefinitions among them are used. Their specs are believed, not discovery. */
  readonly crds?: Iterable<KubernetesObject>;
  /** What a server said that it serves. */
  readonly discovered?: Iterable<ServedResource>;
}

/** Combines the built-in kinds, CustomResourceDefinitions and discovery into one way to find a resource. */
export function createMapper(sources: MapperSources = {}): ResourceMapper {
  const all: MappedResource[] = [];
  const byKind = new Map<string, MappedResource[]>();
  const byName = new Map<string, MappedResource[]>();
  const seen = new Set<string>();

  const add = (type: MappedResource) => {
    const id = `${type.group}/${type.version}/${type.kind}`;
    if (seen.has(id)) return;
    seen.add(id);
    all.push(type);
    const kind = `${type.group}/${type.kind}`;
    const versions = byKind.get(kind);
    if (versions) {
      versions.push(type);
      return;
    }
    byKind.set(kind, [type]);
    for (const name of new Set([type.resource, type.singular, type.kind.toLowerCase(), ...type.shortNames])) {
      const named = byName.get(name);
      if (named) named.push(type);
      else byName.set(name, [type]);
    }
  };
  for (const type of builtinResources) add({ ...type, source: "builtin" });
  for (const object of sources.crds ?? []) for (const type of resourcesOfCrd(object)) add(type);
  for (const type of sources.discovered ?? []) add({ ...type, source: "discovery" });

  const find: ResourceMapper["find"] = (group, kind, version) => {
    const versions = byKind.get(`${group}/${kind}`);
    return versions?.find((type) => type.version === version) ?? versions?.[0];
  };
  return {
    find,
    findFor(object) {
      const version = versionOf(object.apiVersion);
      const type = find(groupOf(object.apiVersion), object.kind, version);
      return type?.version === version ? type : undefined;
    },
    resolve(text) {
      const [name = "", ...suffix] = text.toLowerCase().split(".");
      const named = byName.get(name) ?? [];
      if (suffix.length === 0) return named;
      const group = suffix.join(".");
      const exact = named.filter((type) => type.group === group);
      if (exact.length > 0) return exact;
      const [version, ...rest] = suffix;
      return named.flatMap((type): MappedResource[] => {
        const versioned = find(type.group, type.kind, version);
        return versioned && versioned.version === version && type.group === rest.join(".") ? [versioned] : [];
      });
    },
    all: () => all,
  };
}

/**
 * The served versions of a CustomResourceDefinition as resources, the one that the server prefers first
 * (Kubernetes' version priority: stable before beta before alpha, then the higher number). Nothing for other objects.
 */
export function resourcesOfCrd(object: KubernetesObject): MappedResource[] {
  if (object.kind !== "CustomResourceDefinition" || groupOf(object.apiVersion) !== "apiextensions.k8s.io")
    return [];
  const spec = isJsonObject(object.spec) ? object.spec : {};
  const names = isJsonObject(spec.names) ? spec.names : {};
  const kind = String(names.kind ?? "");
  const versions = Array.isArray(spec.versions) ? spec.versions.filter(isJsonObject) : [];
  return versions
    .filter((version) => version.served === true)
    .sort((a, b) => compareVersions(String(a.name), String(b.name)))
    .map((version) => ({
      group: String(spec.group ?? ""),
      version: String(version.name),
      resource: String(names.plural ?? ""),
      kind,
      namespaced: spec.scope === "Namespaced",
      singular: typeof names.singular === "string" ? names.singular : kind.toLowerCase(),
      shortNames: strings(names.shortNames),
      categories: strings(names.categories),
      verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
      subresources: subresourcesOf(version, kind),
      source: "crd" as const,
      expectsStatus: hasStatus(version),
    }));
}

/** Orders API versions as the server prefers them: negative when `a` comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  for (let at = 0; at < left.length; at++) {
    const difference = (right[at] ?? 0) - (left[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parseVersion(text: string): number[] | undefined {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(text);
  if (!match) return undefined;
  const stability = match[2] === "alpha" ? 0 : match[2] === "beta" ? 1 : 2;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}

function subresourcesOf(version: JsonObject, kind: string): ServedResource["subresources"] {
  const declared = isJsonObject(version.subresources) ? version.subresources : {};
  const verbs = ["get", "patch", "update"];
  const subresources: ServedResource["subresources"][number][] = [];
  if (declared.status) subresources.push({ name: "status", kind, verbs });
  if (declared.scale) {
    subresources.push({ name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs });
  }
  return subresources;
}

function hasStatus(version: JsonObject): boolean {
  if (!isJsonObject(version.subresources) || !version.subresources.status) return false;
  const schema = isJsonObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
  const properties = isJsonObject(schema) ? schema.properties : undefined;
  return isJsonObject(properties) && isJsonObject(properties.status);
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
