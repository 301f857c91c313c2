// Which object is which: kinds, ids, and which of two ids are the same.
import { isClusterScopedKind } from "./kind-scopes.ts";

/** Group, version and kind; empty strings stand for what is not said. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** An object's identity at one moment of the build. */
export interface ResourceId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  /** True for an id of before, whose namespace is the one that counted then: a schema may have come since. */
  readonly isPast?: boolean;
}

/** `apps/v1` as group and version. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function joinApiVersion(gvk: Gvk): string {
  return gvk.group === "" ? gvk.version : `${gvk.group}/${gvk.version}`;
}

/** True when each part that the selector names is equal; parts that it leaves empty match anything. */
export function isSelectedBy(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.kind === "" || selector.kind === gvk.kind) &&
    (selector.group === "" || selector.group === gvk.group) &&
    (selector.version === "" || selector.version === gvk.version)
  );
}

export function sameGvk(left: Gvk, right: Gvk): boolean {
  return left.kind === right.kind && left.group === right.group && left.version === right.version;
}

/** True for kinds that are certainly cluster-scoped; unknown kinds count as namespaced. */
export function isClusterScoped(gvk: Gvk): boolean {
  return isClusterScopedKind(joinApiVersion(gvk), gvk.kind);
}

/** Stands for "no namespace" among cluster-scoped objects. */
export const clusterNamespace = "_non_namespaceable_";

/** The namespace that counts: all cluster-scoped objects share one, and none named means `default`. */
export function effectiveNamespace(id: ResourceId): string {
  if (!id.isPast && isClusterScoped(id)) return clusterNamespace;
  return id.namespace === "" ? "default" : id.namespace;
}

/** A text equal for equal ids. */
export function idKey(id: ResourceId): string {
  return `${id.group}|${id.version}|${id.kind}|${effectiveNamespace(id)}|${id.name}`;
}

export function sameId(left: ResourceId, right: ResourceId): boolean {
  return sameNameAndGvk(left, right) && effectiveNamespace(left) === effectiveNamespace(right);
}

export function sameNameAndGvk(left: ResourceId, right: ResourceId): boolean {
  return left.name === right.name && sameGvk(left, right);
}

/** How kustomize writes an id: `Deployment.v1.apps/name.namespace`. */
export function printId(id: ResourceId): string {
  return `${printGvk(id)}/${id.name || "[noName]"}.${id.namespace || "[noNs]"}`;
}

export function printGvk(gvk: Gvk): string {
  return `${gvk.kind || "[noKind]"}.${gvk.version || "[noVer]"}.${gvk.group || "[noGrp]"}`;
}

/** How people write an object: `Deployment/namespace/name`. */
export function describeId(id: ResourceId): string {
  return id.namespace === "" ? `${id.kind}/${id.name}` : `${id.kind}/${id.namespace}/${id.name}`;
}
