import { mapAt, mapsAt } from "./fields.ts";
import { pendingForGrace, type ReadinessRule, ready } from "./readiness.ts";

/** networking/Ingress: has an address (gitops-engine, pulumi); not every ingress controller writes one. */
export const ingressReadiness: ReadinessRule = (object, context) => {
  const addresses = mapsAt(mapAt(mapAt(object, "status"), "loadBalancer"), "ingress");
  if (addresses.length > 0) return ready("it has an address");
  return pendingForGrace(object, context, "it has no address yet");
};
