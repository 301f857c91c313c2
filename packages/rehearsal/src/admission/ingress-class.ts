import { builtin } from "@slipway/kubernetes";
import type { AdmissionPlugin } from "./admission.ts";
import { defaultClassOf } from "./default-class.ts";
import { objectAt } from "./read-json.ts";

const ingressClasses = builtin("networking.k8s.io", "IngressClass");
const defaultAnnotation = "ingressclass.kubernetes.io/is-default-class";
const classAnnotation = "kubernetes.io/ingress.class";

/** DefaultIngressClass (plugin/pkg/admission/network): an Ingress that names no class gets the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: "DefaultIngressClass",
  async admit({ type, operation, subresource, object: ingress }, reader) {
    if (type.group !== "networking.k8s.io" || type.resource !== "ingresses" || subresource) return undefined;
    if (operation !== "CREATE" || !ingress) return undefined;
    const spec = objectAt(ingress, "spec");
    const named = spec.ingressClassName !== undefined && spec.ingressClassName !== null;
    if (named || ingress.metadata.annotations?.[classAnnotation] !== undefined) return undefined;
    const chosen = defaultClassOf(reader, ingressClasses, defaultAnnotation);
    return chosen && { ...ingress, spec: { ...spec, ingressClassName: chosen.metadata.name } };
  },
};
