// What a lease says for elections that the server would hold itself (KEP-4355, kubernetes
// pkg/registry/coordination/lease/strategy.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";

/** Coordinated elections are off by default: drops what is for them, unless `old` had it. Changes `lease`. */
export function dropElection({ spec }: KubernetesObject, old: KubernetesObject | undefined): void {
  if (!isJsonObject(spec)) return;
  const before = isJsonObject(old?.spec) ? old.spec : {};
  for (const field of ["strategy", "preferredHolder"]) if (before[field] === undefined) delete spec[field];
}
