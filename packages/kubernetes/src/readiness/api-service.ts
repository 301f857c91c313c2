import { condition, describeCondition } from "./fields.ts";
import { pending, type ReadinessRule, ready } from "./readiness.ts";

/** apiregistration/APIService: condition Available (kapp, gitops-engine); to kstatus it is always ready. */
export const apiServiceReadiness: ReadinessRule = (object) => {
  const available = condition(object, "Available");
  if (available?.status === "True") return ready("it is available");
  return pending(available ? describeCondition(available) : "it has not been looked at yet");
};
