// Everything that can be listed and deleted: the built-in kinds and those of the cluster's CRDs.
import { builtinResources, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { Condition } from "../kinds/meta.ts";
import { conditionOf } from "../pods.ts";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../resources.ts";
import type { Cache, Caches } from "../runtime/cache.ts";

interface DefinitionVersion extends JsonObject {
  name: string;
  served?: boolean;
  storage?: boolean;
}

interface DefinitionNames extends JsonObject {
  plural: string;
  kind: string;
}

interface DefinitionSpec extends JsonObject {
  group: string;
  scope: string;
  names: DefinitionNames;
  versions: DefinitionVersion[];
}

interface DefinitionStatus extends JsonObject {
  conditions?: Condition[];
}

/** A CustomResourceDefinition as far as its resource goes. */
export interface Definition extends KubernetesObject {
  spec: DefinitionSpec;
  status?: DefinitionStatus;
}

/** One resource per kind that objects can be listed and deleted of; events aside, which expire by themselves. */
export const deletableBuiltins: readonly ResourceType[] = (() => {
  const seen = new Set<string>();
  return builtinResources.filter(({ group, resource, verbs, kind }) => {
    if (!verbs.includes("list") || !verbs.includes("delete") || !verbs.includes("watch")) return false;
    if (kind === "Event" && group !== "") return false;
    const fresh = !seen.has(`${group}/${resource}`);
    seen.add(`${group}/${resource}`);
    return fresh;
  });
})();

/** The CRDs of the cluster. */
export function followDefinitions(caches: Caches): Cache<Definition> {
  return caches.follow<Definition>(CUSTOM_RESOURCE_DEFINITIONS);
}

/** The resource of an established CRD, in the version that is stored; `undefined` while it is not served. */
export function resourceOf({ spec, status }: Definition): ResourceType | undefined {
  if (conditionOf(status, "Established")?.status !== "True") return undefined;
  const served = spec.versions.filter((version) => version.served === true);
  const version = served.find(({ storage }) => storage) ?? served[0];
  if (!version) return undefined;
  return {
    group: spec.group,
    version: version.name,
    resource: spec.names.plural,
    kind: spec.names.kind,
    namespaced: spec.scope === "Namespaced",
  };
}
