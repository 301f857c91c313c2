import { mapAt, mapsAt, textAt } from "./fields.ts";
import { pending, type ReadinessRule, ready } from "./readiness.ts";

/** core/Service: a LoadBalancer needs its cluster address and an address outside; the others are ready at once. */
export const serviceReadiness: ReadinessRule = (object) => {
  const spec = mapAt(object, "spec");
  if (textAt(spec, "type") !== "LoadBalancer") return ready("it exists");
  if (textAt(spec, "clusterIP") === "") return pending("it has no cluster address yet");
  if (mapsAt(mapAt(mapAt(object, "status"), "loadBalancer"), "ingress").length === 0) {
    return pending("the load balancer has no address yet");
  }
  return ready("the load balancer has an address");
};
