// What pods are to the controllers that own them.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Condition } from "./kinds/meta.ts";
import type { Pod, PodTemplate } from "./kinds/pod.ts";
import { controllerReference } from "./runtime/owners.ts";
import { parseTime } from "./runtime/time.ts";

/** A condition by type. */
export function conditionOf(
  status: { conditions?: Condition[] } | undefined,
  type: string,
): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Ready as the pod's own condition says. */
export function isPodReady(pod: Pod): boolean {
  return conditionOf(pod.status, "Ready")?.status === "True";
}

/** Ready for at least `minReadySeconds`. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = conditionOf(pod.status, "Ready");
  if (ready?.status !== "True") return false;
  if (minReadySeconds <= 0) return true;
  const since = parseTime(ready.lastTransitionTime);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

/** Neither finished nor on its way out. */
export function isPodActive(pod: Pod): boolean {
  return !isPodFinished(pod) && !pod.metadata.deletionTimestamp;
}

/** Succeeded or failed: it will not run again. */
export function isPodFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** The pod that a template describes, named by the server after `prefix`, owned by `owner`. */
export function podFromTemplate(template: PodTemplate, owner: KubernetesObject, prefix: string): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "",
      generateName: prefix,
      ...(owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  };
}

/** `name-` as generateName: the real controllers leave the dash away when the name would get too long. */
export function generateNamePrefix(name: string): string {
  return name.length > 57 ? name : `${name}-`;
}

/**
 * The order in which a ReplicaSet gives pods up: unassigned before assigned, pending before running, unready
 * before ready, the younger before the older (client-go's ActivePods order without the cost annotations).
 */
export function compareForRemoval(a: Pod, b: Pod): number {
  const rank = (pod: Pod): number =>
    (pod.spec.nodeName ? 4 : 0) + (pod.status?.phase === "Running" ? 2 : 0) + (isPodReady(pod) ? 1 : 0);
  const difference = rank(a) - rank(b);
  if (difference !== 0) return difference;
  const ageA = a.metadata.creationTimestamp ?? "";
  const ageB = b.metadata.creationTimestamp ?? "";
  if (ageA !== ageB) return ageA < ageB ? 1 : -1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
