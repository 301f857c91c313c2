import { groupOf, type KubernetesObject } from "@slipway/kubernetes";

/**
 * Kinds whose definitions have a status that their controllers do not write when all is well, by `group/Kind`
 * or by whole group. Without this each of them would be waited for until its grace period is over.
 */
const statusless: Readonly<Record<string, string>> = {
  "networking.istio.io": "istiod writes status only when it is told to (PILOT_ENABLE_STATUS)",
  "security.istio.io": "istiod writes status only when it is told to (PILOT_ENABLE_STATUS)",
  "telemetry.istio.io": "istiod writes status only when it is told to (PILOT_ENABLE_STATUS)",
  "extensions.istio.io": "istiod writes status only when it is told to (PILOT_ENABLE_STATUS)",
  "kubeflow.org/Profile": "the profile controller writes conditions for errors only",
  "caching.internal.knative.dev/Image": "it is a hint to image caches, which need not be there",
  "networking.internal.knative.dev/Certificate":
    "only an optional certificate controller of Knative's serves it",
  "metacontroller.k8s.io/DecoratorController": "metacontroller writes none",
  "metacontroller.k8s.io/CompositeController": "metacontroller writes none",
};

/** False for kinds that are known to stay without a status. */
export function mayHaveStatus({ apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
  const group = groupOf(apiVersion);
  return !Object.hasOwn(statusless, group) && !Object.hasOwn(statusless, `${group}/${kind}`);
}
