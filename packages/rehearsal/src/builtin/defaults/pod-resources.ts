// What a pod asks for as a whole, where it says a part of it (kubernetes pkg/apis/core/v1 defaultHugePagePodLimits and
// defaultPodRequests).
import type { JsonObject } from "@slipway/yaml";
import { aggregateResources, isOfPods } from "../pod-resources.ts";
import { mapAt } from "./hook.ts";

const isPages = (name: string) => name.startsWith("hugepages-");
const isCounted = (name: string) => name === "cpu" || name === "memory";

/** Fills in limits of huge pages from those of the containers, and requests from these or from the limits. */
export function settlePodResources(spec: JsonObject): void {
  const resources = mapAt(spec, "resources");
  if (!resources) return;
  const requests = { ...mapAt(resources, "requests") };
  const limits = { ...mapAt(resources, "limits") };
  if (Object.keys({ ...requests, ...limits }).length === 0) return;
  for (const [name, value] of aggregateResources(spec, "limits")) {
    if (isPages(name) && requests[name] === undefined) limits[name] ??= value;
  }
  if (Object.keys(limits).length === 0) return;
  resources.limits = limits;
  for (const [name, value] of aggregateResources(spec, "requests")) {
    if (isCounted(name)) requests[name] ??= value;
  }
  for (const [name, value] of Object.entries(limits)) {
    if (value !== undefined && isOfPods(name)) requests[name] ??= value;
  }
  if (Object.keys(requests).length > 0) resources.requests = requests;
}
