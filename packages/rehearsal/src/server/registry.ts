// Which resources are served at the moment: the built-in ones, and those that CustomResourceDefinitions add.
import {
  builtinResources,
  compareVersions,
  type KubernetesObject,
  type ServedResource,
} from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";

/** One version of a custom resource, as its definition describes it. */
export interface CustomVersion {
  /** The name of the CustomResourceDefinition. */
  readonly definition: string;
  /** The CustomResourceDefinition that serves it; replaced as a whole when it changes. */
  readonly object: KubernetesObject;
  /** The entry of `spec.versions`. */
  readonly version: JsonObject;
}

/** A resource in one version, and where its objects lie. */
export interface ServedType extends ServedResource {
  /** The store's collection; all versions of a resource share it. */
  readonly collection: string;
  /** The apiVersion in which objects are stored. */
  readonly storedAs: string;
  readonly custom: CustomVersion | undefined;
}

/** The resources that are served. */
export interface Registry {
  find(group: string, version: string, resource: string): ServedType | undefined;
  /** By kind; without a version, the preferred one. */
  findKind(group: string, kind: string, version?: string): ServedType | undefined;
  /** Everything served, groups in discovery's order, versions in order of preference. */
  all(): readonly ServedType[];
  /** Serves (or, with an empty list, no longer serves) what one CustomResourceDefinition defines. */
  setCustom(definition: string, types: readonly ServedType[]): void;
  /** Calls `listener` after every change of what is served, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** `apps/v1`, or `v1` in the core group. */
export function apiVersionOf(type: Pick<ServedResource, "group" | "version">): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** A registry of the built-in resources. */
export function createRegistry(): Registry {
  const builtins = builtinResources.map(toServedType);
  const custom = new Map<string, readonly ServedType[]>();
  const listeners = new Set<() => void>();
  let all: readonly ServedType[] | undefined;
  let byPath: Map<string, ServedType> | undefined;

  function list(): readonly ServedType[] {
    if (all) return all;
    // Discovery sorts groups that definitions add by name (their group priority is the same).
    const added = [...custom.values()].flat();
    added.sort((a, b) => (a.group === b.group ? 0 : a.group < b.group ? -1 : 1));
    all = [...builtins, ...sortVersions(added)];
    return all;
  }

  return {
    find(group, version, resource) {
      byPath ??= new Map(list().map((type) => [`${type.group}/${type.version}/${type.resource}`, type]));
      return byPath.get(`${group}/${version}/${resource}`);
    },
    findKind(group, kind, version) {
      return list().find(
        (type) => type.group === group && type.kind === kind && (!version || type.version === version),
      );
    },
    all: list,
    setCustom(definition, types) {
      if (types.length === 0) custom.delete(definition);
      else custom.set(definition, types);
      all = undefined;
      byPath = undefined;
      for (const listener of [...listeners]) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Two views of one store: autoscaling/v1 is stored as v2, an `events.k8s.io` Event as a core one. */
const storedElsewhere: Readonly<Record<string, { collection: string; storedAs: string }>> = {
  "autoscaling/v1/horizontalpodautoscalers": {
    collection: "autoscaling/horizontalpodautoscalers",
    storedAs: "autoscaling/v2",
  },
  "events.k8s.io/v1/events": { collection: "/events", storedAs: "v1" },
};

function toServedType(resource: ServedResource): ServedType {
  const { group, version } = resource;
  const own = { collection: `${group}/${resource.resource}`, storedAs: apiVersionOf(resource) };
  return {
    ...resource,
    ...(storedElsewhere[`${group}/${version}/${resource.resource}`] ?? own),
    custom: undefined,
  };
}

/** Within a group: all resources of its best version first, then those of the next. */
function sortVersions(types: readonly ServedType[]): ServedType[] {
  return types.toSorted((a, b) => (a.group === b.group ? compareVersions(a.version, b.version) : 0));
}
