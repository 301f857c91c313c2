import { mapAt, numberAt } from "./fields.ts";
import { pending, type ReadinessRule, ready } from "./readiness.ts";

/** apps/DaemonSet: kstatus's rule. It never fails by itself. */
export const daemonSetReadiness: ReadinessRule = (object) => {
  const status = mapAt(object, "status");
  if (object.metadata.generation === undefined || status.observedGeneration === undefined) {
    return pending("its controller has not looked at it yet");
  }
  const wanted = numberAt(status, "desiredNumberScheduled", -1);
  if (wanted < 0) return pending("how many nodes it runs on is not known yet");
  const counts: [string, string][] = [
    ["currentNumberScheduled", "are scheduled"],
    ["updatedNumberScheduled", "are of the new revision"],
    ["numberAvailable", "are available"],
    ["numberReady", "are ready"],
  ];
  for (const [field, clause] of counts) {
    const count = numberAt(status, field, 0);
    if (wanted > count) return pending(`${count} of ${wanted} pods ${clause}`);
  }
  return ready(`${wanted} of ${wanted} pods are ready`);
};
