import { canonicalQuantity, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { items, mapAt } from "../defaults/hook.ts";

/**
 * A pod's quality of service class (kubernetes pkg/apis/core/v1/helper/qos): from cpu and memory alone, of the whole pod
 * where it says that, or else of its containers.
 */
export function qosClassOf(pod: KubernetesObject): "Guaranteed" | "Burstable" | "BestEffort" {
  const spec = isJsonObject(pod.spec) ? pod.spec : {};
  const containers = isJsonObject(spec.resources)
    ? [{ resources: spec.resources }]
    : [...items(spec, "containers"), ...items(spec, "initContainers")];
  let any = false;
  let guaranteed = containers.length > 0;
  for (const container of containers) {
    const limits = amounts(mapAt(mapAt(container, "resources"), "limits"));
    const requests = amounts(mapAt(mapAt(container, "resources"), "requests"));
    if (limits.size > 0 || requests.size > 0) any = true;
    const same = [...requests].every(([name, amount]) => limits.get(name) === amount);
    if (limits.size !== 2 || !same) guaranteed = false;
  }
  if (!any) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

function amounts(resources: JsonObject | undefined): Map<string, string> {
  const result = new Map<string, string>();
  for (const name of ["cpu", "memory"]) {
    const value = resources?.[name];
    const amount =
      typeof value === "string" || typeof value === "number" ? canonicalQuantity(value) : undefined;
    if (amount !== undefined && amount !== "0") result.set(name, amount);
  }
  return result;
}
