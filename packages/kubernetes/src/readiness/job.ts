import { condition, mapAt, numberAt, textAt } from "./fields.ts";
import { failed, pending, type ReadinessRule, ready } from "./readiness.ts";

/** batch/Job: done only when it is complete; kstatus would call it ready as soon as it runs (kapp, Helm, kluctl). */
export const jobReadiness: ReadinessRule = (object) => {
  const complete = condition(object, "Complete");
  if (complete?.status === "True") return ready("it is complete");
  const failure = condition(object, "Failed");
  if (failure?.status === "True") return failed(`it failed: ${failure.message || failure.reason}`);
  if (condition(object, "Suspended")?.status === "True" && mapAt(object, "spec").suspend === true) {
    return ready("it is suspended");
  }
  const status = mapAt(object, "status");
  if (textAt(status, "startTime") === "") return pending("it has not started yet");
  return pending(
    `it runs, ${numberAt(status, "succeeded", 0)} of ${numberAt(mapAt(object, "spec"), "completions", 1)} done`,
  );
};
