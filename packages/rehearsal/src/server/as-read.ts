// What readers see of an object that is stored otherwise (kubernetes pkg/registry/core/service/storage/storage.go
// defaultOnRead).
import type { KubernetesObject } from "@slipway/kubernetes";
import { objectAt } from "../admission/read-json.ts";
import type { RequestContext } from "./context.ts";
import { needsClusterIp } from "./service-needs.ts";

/**
 * The object as the request's reader sees it: a Service for something outside of the cluster without the traffic policy
 * that is stored of it. Its status is read from a store that hides nothing.
 */
export function asRead({ type, info }: RequestContext, object: KubernetesObject): KubernetesObject {
  if (type.collection !== "/services" || info.subresource) return object;
  // One that an update ends is answered as it was written.
  if (object.metadata.deletionTimestamp && !object.metadata.finalizers?.length) return object;
  const spec = objectAt(object, "spec");
  if (needsClusterIp(spec) || spec.internalTrafficPolicy === undefined) return object;
  const { internalTrafficPolicy: _, ...seen } = spec;
  return { ...object, spec: seen };
}
