// Label and field selectors in the API's notation (apimachinery labels and fields).
import {
  type KubernetesObject,
  matchesRequirements,
  parseSelector,
  type Requirement,
} from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { badRequest } from "./status-errors.ts";

/** Decides whether an object is selected. */
export type Selector = (object: KubernetesObject) => boolean;

/** Reads a label selector (`a=b,c!=d,e in (f,g),!h`); a malformed one is a StatusError 400. */
export function parseLabelSelector(text: string): Selector {
  let requirements: Requirement[];
  try {
    requirements = parseSelector(text);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
  return (object) => matchesRequirements(requirements, object.metadata.labels);
}

/** Fields that can be selected besides name and namespace, by collection (each kind's `SelectableFields`). */
const selectableFields: Readonly<Record<string, readonly string[]>> = {
  "/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
  ],
  "/events": [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  "/namespaces": ["status.phase"],
  "/nodes": ["spec.unschedulable"],
  "/secrets": ["type"],
  "/services": ["spec.clusterIP", "spec.type"],
  "/replicationcontrollers": ["status.replicas"],
  "batch/jobs": ["status.successful"],
  "certificates.k8s.io/certificatesigningrequests": ["spec.signerName"],
};

/**
 * Reads a field selector (`metadata.name=x,status.phase!=Running`) for a collection; `extra` are the fields that
 * a CustomResourceDefinition makes selectable. Another field is a StatusError 400, as on the real server.
 */
export function parseFieldSelector(
  text: string,
  collection: string,
  { custom = false, extra = [] }: { readonly custom?: boolean; readonly extra?: readonly string[] } = {},
): Selector {
  const allowed = ["metadata.name", "metadata.namespace", ...(selectableFields[collection] ?? []), ...extra];
  const tests = text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part.trim());
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part.trim()}'`);
      const [, field = "", operator, value = ""] = match;
      if (!allowed.includes(field)) throw badRequest(refuseField(field, collection, custom));
      return (object: KubernetesObject) => (readField(object, field) === value) === (operator !== "!=");
    });
  return (object) => tests.every((test) => test(object));
}

/** Kinds with selectable fields of their own refuse in other words than the rest. */
function refuseField(field: string, collection: string, custom: boolean): string {
  if (collection === "batch/jobs") return `field label ${JSON.stringify(field)} not supported for Job`;
  if (custom || selectableFields[collection]) return `field label not supported: ${field}`;
  const known = ["metadata.name", "metadata.namespace"].map((name) => JSON.stringify(name)).join(", ");
  return `${JSON.stringify(field)} is not a known field selector: only ${known}`;
}

function readField(object: KubernetesObject, path: string): string {
  let value: Json | undefined = object;
  for (const key of path.split(".")) value = isJsonObject(value) ? value[key] : undefined;
  if (isJsonObject(value) && path === "source") value = value.component;
  if (path === "spec.unschedulable" || path === "spec.hostNetwork") return String(value ?? false);
  if (path === "status.replicas" || path === "status.successful") return String(value ?? 0);
  return value === undefined || value === null ? "" : String(value);
}
