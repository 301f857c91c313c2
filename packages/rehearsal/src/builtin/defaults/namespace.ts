// Namespaces, limits and config maps (kubernetes pkg/apis/core/v1/defaults.go).
import type { JsonObject } from "@slipway/yaml";
import { type DefaultHook, fill, fillMap, mapAt } from "./hook.ts";

const namespace: DefaultHook = (namespace) => {
  const metadata = fillMap(namespace, "metadata");
  if (metadata.name) fillMap(metadata, "labels")["kubernetes.io/metadata.name"] = metadata.name;
  fill(fillMap(namespace, "status"), "phase", "Active");
};

const limitRangeItem: DefaultHook = (item) => {
  if (item.type !== "Container") return;
  const limits: JsonObject = { ...mapAt(item, "max"), ...mapAt(item, "default") };
  const requests: JsonObject = { ...mapAt(item, "min"), ...limits, ...mapAt(item, "defaultRequest") };
  setOrDrop(item, "default", limits);
  setOrDrop(item, "defaultRequest", requests);
};

/** To the server both maps are always there, so that an empty one is no difference. */
function setOrDrop(item: JsonObject, field: string, amounts: JsonObject): void {
  if (Object.keys(amounts).length > 0) item[field] = amounts;
  else delete item[field];
}

/** Defaults by type name. */
export const namespaceDefaults: Readonly<Record<string, DefaultHook>> = {
  "core.v1.Namespace": namespace,
  "core.v1.LimitRangeItem": limitRangeItem,
  "core.v1.Secret": (secret) => fill(secret, "type", "Opaque"),
  "core.v1.NodeStatus": (status) => {
    if (status.allocatable === undefined && status.capacity !== undefined)
      status.allocatable = status.capacity;
  },
  "scheduling.v1.PriorityClass": (priority) => fill(priority, "preemptionPolicy", "PreemptLowerPriority"),
};
