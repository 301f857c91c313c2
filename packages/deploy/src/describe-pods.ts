import { builtin, type Client, type KubernetesObject, readinessOf } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

const workloads: ReadonlySet<string> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
]);

/**
 * What holds up a workload's pods, in one clause: the first that is not ready, with what its container waits
 * for or how it ended. Undefined for other kinds, for workloads without such a pod, and when they cannot be read.
 */
export async function describePods(
  client: Client,
  workload: KubernetesObject,
  now: number,
): Promise<string | undefined> {
  const labelSelector = selectorOf(workload);
  if (!workloads.has(workload.kind) || labelSelector === undefined) return undefined;
  const { namespace } = workload.metadata;
  try {
    const { items } = await client.list(builtin("", "Pod"), {
      labelSelector,
      ...(namespace ? { namespace } : {}),
    });
    const pods = items.map((pod) => ({ pod, readiness: readinessOf(pod, { now }) }));
    const held = pods.find(({ readiness }) => readiness.state !== "ready");
    if (!held) return undefined;
    const said = containerMessage(held.pod) ?? held.readiness.message;
    return `pod ${held.pod.metadata.name}: ${said}`;
  } catch {
    // It only adds to an error that is reported anyway.
    return undefined;
  }
}

function selectorOf(workload: KubernetesObject): string | undefined {
  const selector = isJsonObject(workload.spec) ? workload.spec.selector : undefined;
  const labels = isJsonObject(selector) ? selector.matchLabels : undefined;
  if (!isJsonObject(labels)) return undefined;
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",");
}

/** Why a container does not run, in the kubelet's own words. */
function containerMessage(pod: KubernetesObject): string | undefined {
  const status = isJsonObject(pod.status) ? pod.status : {};
  for (const container of [...maps(status.initContainerStatuses), ...maps(status.containerStatuses)]) {
    const waiting = mapAt(container.state, "waiting");
    if (!waiting || waiting.reason === "PodInitializing" || waiting.reason === "ContainerCreating") continue;
    const ended = mapAt(container.lastState, "terminated");
    const exit = ended ? `, after exit code ${String(ended.exitCode)}` : "";
    const message = typeof waiting.message === "string" ? ` (${waiting.message})` : "";
    return `container ${String(container.name)} waits: ${String(waiting.reason)}${message}${exit}`;
  }
  return undefined;
}

function maps(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function mapAt(value: Json | undefined, key: string): JsonObject | undefined {
  const inner = isJsonObject(value) ? value[key] : undefined;
  return isJsonObject(inner) ? inner : undefined;
}
