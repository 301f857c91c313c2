import type { AdmissionPlugin } from "./admission.ts";
import { objectAt, objectsAt } from "./read-json.ts";

const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** TaintNodesByCondition (plugin/pkg/admission/nodetaint): no pod is scheduled to a new node before it is ready. */
export const taintNodes: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  async admit({ operation, type, subresource, object }) {
    const isNew = operation === "CREATE" && type.group === "" && type.resource === "nodes" && !subresource;
    if (!isNew || !object) return undefined;
    const spec = objectAt(object, "spec");
    const taints = objectsAt(spec, "taints");
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect))
      return undefined;
    return { ...object, spec: { ...spec, taints: [...taints, notReady] } };
  },
};
