import { mapAt, textAt } from "./fields.ts";
import { failed, pending, type ReadinessRule, ready } from "./readiness.ts";

/**
 * core/PersistentVolumeClaim: Bound; or waiting for its first pod where the storage class says so
 * (`volumeBindingMode: WaitForFirstConsumer`), which kstatus would wait for without end.
 */
export const claimReadiness: ReadinessRule = (object, context) => {
  const phase = textAt(mapAt(object, "status"), "phase");
  if (phase === "Bound") return ready("it is bound");
  if (phase === "Lost") return failed("its volume is lost");
  const name = mapAt(object, "spec").storageClassName;
  const storageClass = context.storageClass?.(typeof name === "string" ? name : undefined);
  if (phase === "Pending" && storageClass?.volumeBindingMode === "WaitForFirstConsumer") {
    return ready("it is bound when the first pod uses it");
  }
  return pending("it is not bound to a volume yet");
};
