// Reading a CustomResourceDefinition.
import { type KubernetesObject, resourcesOfCrd } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { conditionsOf } from "../conditions.ts";
import type { ServedType } from "../registry.ts";

/** The store's collection of the definitions themselves. */
export const definitions = "apiextensions.k8s.io/customresourcedefinitions";

/** The parts of a definition that the server reads, whatever is missing taken as empty. */
export interface Definition {
  readonly group: string;
  readonly plural: string;
  readonly versions: readonly JsonObject[];
  readonly names: JsonObject;
  readonly conversion: JsonObject;
}

/** Picks them out of the object. */
export function readDefinition(object: KubernetesObject): Definition {
  const spec = isJsonObject(object.spec) ? object.spec : {};
  const names = isJsonObject(spec.names) ? spec.names : {};
  return {
    group: String(spec.group ?? ""),
    plural: String(names.plural ?? ""),
    versions: Array.isArray(spec.versions) ? spec.versions.filter(isJsonObject) : [],
    names,
    conversion: isJsonObject(spec.conversion) ? spec.conversion : {},
  };
}

/** The collection in which a definition's objects lie. */
export function collectionOf(object: KubernetesObject): string {
  const { group, plural } = readDefinition(object);
  return `${group}/${plural}`;
}

/** The resources that a definition serves, best version first. */
export function typesOf(object: KubernetesObject): ServedType[] {
  const { group, versions } = readDefinition(object);
  const stored = versions.find((version) => version.storage === true);
  return resourcesOfCrd(object).map((resource) => ({
    group: resource.group,
    version: resource.version,
    resource: resource.resource,
    kind: resource.kind,
    namespaced: resource.namespaced,
    singular: resource.singular,
    shortNames: resource.shortNames,
    categories: resource.categories,
    verbs: resource.verbs,
    subresources: resource.subresources,
    collection: collectionOf(object),
    storedAs: `${group}/${stored?.name}`,
    custom: {
      definition: object.metadata.name,
      object,
      version: versions.find((version) => version.name === resource.version) ?? {},
    },
  }));
}

/** Whether a condition of the definition is `True`. */
export function hasCondition(object: KubernetesObject, type: string): boolean {
  return conditionsOf(object).some((condition) => condition.type === type && condition.status === "True");
}
