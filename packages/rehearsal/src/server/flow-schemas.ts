// Says of each FlowSchema whether its priority level exists (apiserver pkg/util/flowcontrol/apf_controller.go).
import { equalJson, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { dangling } from "./bootstrap/flow-control.ts";
import { conditionsOf, mergeConditions } from "./conditions.ts";
import { type ServerContext, timestamp } from "./context.ts";
import { putStatus } from "./own-writes.ts";

const flowSchemas = {
  collection: "flowcontrol.apiserver.k8s.io/flowschemas",
  manager: "api-priority-and-fairness-config-consumer-v1",
};
const priorityLevels = "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations";

/** Watches flow schemas and priority levels for as long as the server runs. */
export function followFlowSchemas(server: ServerContext): void {
  // Not within the write that brought the event: whoever wrote gets its answer first.
  server.store.subscribe(flowSchemas.collection, ({ type, object }) => {
    if (type !== "DELETED") queueMicrotask(() => describeLevel(server, object.metadata.name));
  });
  server.store.subscribe(priorityLevels, ({ type }) => {
    if (type === "MODIFIED") return;
    queueMicrotask(() => {
      const { entries } = server.store.snapshot(flowSchemas.collection);
      for (const [name] of entries) describeLevel(server, name);
    });
  });
}

function describeLevel(server: ServerContext, name: string): void {
  const object = server.store.get(flowSchemas.collection, name);
  if (!object) return;
  const level = levelOf(object);
  const exists = server.store.get(priorityLevels, level) !== undefined;
  const found = dangling(level, exists, timestamp(server.clock));
  const conditions = mergeConditions(conditionsOf(object), [found]);
  if (equalJson(conditions, conditionsOf(object))) return;
  putStatus(server, object, { ...(object.status as object), conditions }, flowSchemas);
}

function levelOf({ spec }: KubernetesObject): string {
  const reference = isJsonObject(spec) ? spec.priorityLevelConfiguration : undefined;
  return isJsonObject(reference) ? String(reference.name ?? "") : "";
}
