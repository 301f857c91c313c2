// Access to devices that are in use by others (kubernetes pkg/registry/resource/utils.go).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { objectAt, objectsAt } from "../../../admission/read-json.ts";
import type { RequestContext } from "../../context.ts";
import { forbiddenValue } from "../../field-error.ts";

const label = "resource.kubernetes.io/admin-access";

/** Where the requests of each kind are. */
const devicesOf: Readonly<Record<string, readonly string[]>> = {
  "resource.k8s.io/resourceclaims": ["spec", "devices"],
  "resource.k8s.io/resourceclaimtemplates": ["spec", "spec", "devices"],
};

/** Refuses a new claim, or a template of one, that asks for it in a namespace which does not give it. */
export function refuseAdminAccess(
  { server, type, info }: RequestContext,
  object: KubernetesObject,
): FieldError[] {
  const path = devicesOf[type.collection];
  if (!path) return [];
  const requests = objectsAt(object, ...path, "requests");
  const place = requests.findIndex((request) => objectAt(request, "exactly").adminAccess === true);
  const namespace = server.store.get("/namespaces", info.namespace ?? "");
  if (place < 0 || namespace?.metadata.labels?.[label] === "true") return [];
  const detail = `admin access to devices requires the \`${label}: true\` label on the containing namespace`;
  return [forbiddenValue(`spec.devices.requests[${place}].adminAccess`, detail)];
}
