// What the containers of a pod ask for together (k8s.io/component-helpers resource AggregateContainerRequests and
// AggregateContainerLimits).
import { addQuantities, compareQuantities } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { items, mapAt } from "./defaults/hook.ts";

/** Amounts of resources, by name. */
export type Amounts = Map<string, string>;

/**
 * What the containers need at one time: those of the pod together, or one that runs before them, beside those that
 * were started before it and stay.
 */
export function aggregateResources(spec: JsonObject, part: "requests" | "limits"): Amounts {
  const total: Amounts = new Map();
  for (const container of items(spec, "containers")) add(total, amountsOf(container, part));
  const staying: Amounts = new Map();
  const before: Amounts = new Map();
  for (const container of items(spec, "initContainers")) {
    const own = amountsOf(container, part);
    if (container.restartPolicy === "Always") {
      add(total, own);
      add(staying, own);
      raise(before, staying);
    } else {
      add(own, staying);
      raise(before, own);
    }
  }
  raise(total, before);
  return total;
}

/** What a pod needs: what it says of itself, and of resources that it says nothing of what its containers need. */
export function podResources(spec: JsonObject, part: "requests" | "limits"): Amounts {
  const total = aggregateResources(spec, part);
  for (const [name, value] of amountsOf(spec, part)) if (isOfPods(name)) total.set(name, value);
  return total;
}

/** Whether pods ask for a resource as a whole; of others their containers do. */
export function isOfPods(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

function amountsOf(holder: JsonObject, part: string): Amounts {
  return new Map(
    Object.entries(mapAt(mapAt(holder, "resources"), part) ?? {}).map(([name, value]) => [
      name,
      String(value),
    ]),
  );
}

function add(total: Amounts, more: Amounts): void {
  for (const [name, value] of more) {
    const now = total.get(name);
    total.set(name, now === undefined ? value : addQuantities(now, value));
  }
}

function raise(total: Amounts, least: Amounts): void {
  for (const [name, value] of least) {
    const now = total.get(name);
    if (now === undefined || compareQuantities(now, value) < 0) total.set(name, value);
  }
}
