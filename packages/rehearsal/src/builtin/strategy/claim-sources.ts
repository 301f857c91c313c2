// The two fields of a claim that say what its volume is filled with (KEP-1495, kubernetes
// pkg/api/persistentvolumeclaim/util.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";

/**
 * Drops what only `dataSourceRef` may name, and gives each of the fields what the other says. `old` is what the claim
 * replaces. Changes `claim`.
 */
export function settleClaimSources(claim: KubernetesObject, old: KubernetesObject | undefined): void {
  const spec = isJsonObject(claim.spec) ? claim.spec : {};
  const before = isJsonObject(old?.spec) ? old.spec : {};
  const reference = isJsonObject(spec.dataSourceRef) ? spec.dataSourceRef : undefined;
  // Data of another namespace is an alpha feature.
  if (reference?.namespace && !isJsonObject(before.dataSourceRef)) delete spec.dataSourceRef;
  const inUse = isJsonObject(before.dataSource) || isJsonObject(before.dataSourceRef);
  if (!inUse && !isJsonObject(spec.dataSourceRef) && !isOldSource(spec.dataSource)) delete spec.dataSource;
  const { dataSource, dataSourceRef } = spec;
  if (isJsonObject(dataSource) && !isJsonObject(dataSourceRef))
    spec.dataSourceRef = withoutNamespace(dataSource);
  else if (isJsonObject(dataSourceRef) && !isJsonObject(dataSource) && !dataSourceRef.namespace) {
    spec.dataSource = withoutNamespace(dataSourceRef);
  }
}

function isOldSource(source: JsonObject[string]): boolean {
  if (!isJsonObject(source)) return false;
  if (source.kind === "PersistentVolumeClaim") return !source.apiGroup;
  return source.kind === "VolumeSnapshot" && source.apiGroup === "snapshot.storage.k8s.io";
}

function withoutNamespace({ namespace: _, ...source }: JsonObject): JsonObject {
  return source;
}
