import { findBuiltin, groupOf, type KubernetesObject } from "@slipway/kubernetes/objects";
import { mapsAt, textAt, valueAt } from "./fields.ts";

/** What the set and Kubernetes itself say about a kind. */
export interface KindInfo {
  /** Plural, lower case. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Served versions; empty for kinds of Kubernetes itself. */
  readonly versions: readonly string[];
  readonly storageVersion?: string;
  /** The definition in the set, for a custom resource. */
  readonly definition?: KubernetesObject;
}

/** Looks up kinds: first the definitions of the set, then Kubernetes' own. */
export interface Kinds {
  find(group: string, kind: string): KindInfo | undefined;
  /** The kinds that the set's definitions bring, as `Kind.group`. */
  readonly defined: readonly string[];
}

/** Reads every CustomResourceDefinition of the set once. */
export function readKinds(objects: Iterable<KubernetesObject>): Kinds {
  const defined = new Map<string, KindInfo>();
  for (const object of objects) {
    if (object.kind !== "CustomResourceDefinition" || groupOf(object.apiVersion) !== "apiextensions.k8s.io") {
      continue;
    }
    const group = textAt(object, "spec", "group") ?? "";
    const kind = textAt(object, "spec", "names", "kind") ?? "";
    const versions = mapsAt(object, "spec", "versions");
    const storage = versions.find((version) => valueAt(version, "storage") === true);
    const storageVersion = textAt(storage, "name");
    defined.set(`${kind}.${group}`, {
      resource: textAt(object, "spec", "names", "plural") ?? "",
      namespaced: textAt(object, "spec", "scope") !== "Cluster",
      versions: versions
        .filter((version) => valueAt(version, "served") === true)
        .map((version) => textAt(version, "name") ?? ""),
      ...(storageVersion === undefined ? {} : { storageVersion }),
      definition: object,
    });
  }
  return {
    find(group, kind) {
      const own = defined.get(`${kind}.${group}`);
      if (own) return own;
      const builtin = findBuiltin(group, kind);
      return builtin && { resource: builtin.resource, namespaced: builtin.namespaced, versions: [] };
    },
    defined: [...defined.keys()],
  };
}
