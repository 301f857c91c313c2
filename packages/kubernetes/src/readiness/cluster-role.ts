import { isJsonObject } from "@slipway/yaml";
import { mapsAt } from "./fields.ts";
import { pendingForGrace, type ReadinessRule, ready } from "./readiness.ts";

/** rbac/ClusterRole: an aggregated one gets its rules from a controller, unless it aggregates nothing. */
export const clusterRoleReadiness: ReadinessRule = (object, context) => {
  if (!isJsonObject(object.aggregationRule)) return ready("it exists");
  if (mapsAt(object, "rules").length > 0) return ready("its rules are aggregated");
  return pendingForGrace(object, context, "it has no aggregated rules yet");
};
