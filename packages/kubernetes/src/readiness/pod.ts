import type { KubernetesObject } from "../object.ts";
import { condition, mapAt, mapsAt, textAt } from "./fields.ts";
import { failed, pending, type ReadinessContext, type ReadinessRule, ready } from "./readiness.ts";

/** The scheduler may find a node a moment later; only then is a pod called unschedulable (kstatus: 15 s). */
const scheduleWindowMs = 15_000;

/** core/Pod: kstatus's rule. A pod that ended badly counts as done, as there. */
export const podReadiness: ReadinessRule = (object, context) => {
  const phase = textAt(mapAt(object, "status"), "phase");
  switch (phase) {
    case "Succeeded":
      return ready("it has run to its end");
    case "Failed":
      return ready("it has run to its end, without success");
    case "Running":
      return running(object);
    case "Pending":
      return waiting(object, context);
    case "":
      return pending("no kubelet has taken it yet");
    default:
      return failed(`its phase "${phase}" is not known`);
  }
};

function running(object: KubernetesObject) {
  if (condition(object, "Ready")?.status === "True") return ready("it is ready");
  const crashing = waitingContainers(object).find(({ reason }) => reason === "CrashLoopBackOff");
  if (crashing) return failed(`container ${crashing.name} keeps crashing`);
  return pending(waitingFor(object) ?? "it runs and is not ready yet");
}

function waiting(object: KubernetesObject, { now }: ReadinessContext) {
  const scheduled = condition(object, "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    const created = Date.parse(object.metadata.creationTimestamp ?? "");
    if (now - created > scheduleWindowMs) return failed(`no node can run it: ${scheduled.message}`);
    return pending("no node has been found yet");
  }
  return pending(waitingFor(object) ?? "it has not started yet");
}

function waitingFor(object: KubernetesObject): string | undefined {
  const container = waitingContainers(object).find(({ reason }) => reason !== "");
  return container && `container ${container.name} waits: ${container.reason}`;
}

function waitingContainers(object: KubernetesObject): { name: string; reason: string }[] {
  const status = mapAt(object, "status");
  return [...mapsAt(status, "initContainerStatuses"), ...mapsAt(status, "containerStatuses")].map(
    (container) => ({
      name: textAt(container, "name"),
      reason: textAt(mapAt(mapAt(container, "state"), "waiting"), "reason"),
    }),
  );
}
