// Which kinds have no namespace: those that kustomize knows, and those of a schema of one's own.
import { clusterScopedVersions } from "./data/cluster-scoped.ts";
import { isKnownNamespaced } from "./data/namespaced-kinds.ts";

/** For kinds, written `APIVERSION/KIND`, whether their objects have a namespace. */
export type KindScopes = ReadonlyMap<string, boolean>;

/** As in kustomize there is one schema at a time: that of the build at work, or of the last. */
let ownScopes: KindScopes = new Map();

/** Sets what the schema of the build at work says; what kustomize knows by itself goes before it. */
export function useOwnScopes(scopes: KindScopes): void {
  ownScopes = scopes;
}

/** True for kinds whose scope kustomize knows without a schema. */
export function hasKnownScope(apiVersion: string, kind: string): boolean {
  return isKnownNamespaced(apiVersion, kind) || (clusterScopedVersions(kind)?.has(apiVersion) ?? false);
}

/** True for kinds that certainly have no namespace; unknown kinds count as namespaced. */
export function isClusterScopedKind(apiVersion: string, kind: string): boolean {
  if (clusterScopedVersions(kind)?.has(apiVersion)) return true;
  if (ownScopes.size === 0) return false;
  return ownScopes.get(`${apiVersion}/${kind}`) === false && !isKnownNamespaced(apiVersion, kind);
}
