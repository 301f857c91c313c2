// What a write says that the object must be (apimachinery's Preconditions, and each strategy's AllowUnconditionalUpdate).
import type { KubernetesObject } from "@slipway/kubernetes";
import { storeKey } from "../store/store.ts";
import { invalidValue } from "./field-error.ts";
import type { ServedType } from "./registry.ts";
import { StatusError } from "./status-error.ts";
import { conflict, invalid, modified } from "./status-errors.ts";

/** Kinds whose updates must name a version (AllowUnconditionalUpdate), beside all custom ones. */
const conditional: ReadonlySet<string> = new Set([
  "node.k8s.io/runtimeclasses",
  "policy/poddisruptionbudgets",
  "storage.k8s.io/csidrivers",
  "storage.k8s.io/csistoragecapacities",
  "storage.k8s.io/volumeattachments",
  "storage.k8s.io/csinodes",
  "coordination.k8s.io/leases",
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "admissionregistration.k8s.io/mutatingadmissionpolicies",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings",
  "admissionregistration.k8s.io/mutatingadmissionpolicybindings",
  "apiextensions.k8s.io/customresourcedefinitions",
]);

/** Optimistic concurrency: a version that is named must be that of the live object. */
export function checkVersion(type: ServedType, { metadata }: KubernetesObject, live: KubernetesObject): void {
  const { name, resourceVersion } = live.metadata;
  const asked = metadata.resourceVersion;
  checkVersionNumber(metadata);
  if (!asked || asked === "0") {
    if (!type.custom && !conditional.has(type.collection)) return;
    const error = invalidValue("metadata.resourceVersion", 0, "must be specified for an update");
    throw invalid({ group: type.group, kind: type.resource }, name, [error]);
  }
  if (asked !== resourceVersion) throw modified(type, name);
}

/** A version that is named must be a number, also where there is no object yet. */
export function checkVersionNumber({ resourceVersion }: KubernetesObject["metadata"]): void {
  if (!resourceVersion || isUint64(resourceVersion)) return;
  const text = JSON.stringify(resourceVersion);
  const fault = /^\d+$/.test(resourceVersion) ? "value out of range" : "invalid syntax";
  throw new StatusError(500, "", `strconv.ParseUint: parsing ${text}: ${fault}`);
}

/**
 * What is created may name no version but 0. One that is no number is nobody's version, and taken for none
 * (apiserver storage/etcd3 Create).
 */
export function refuseVersion({ resourceVersion = "" }: KubernetesObject["metadata"]): void {
  if (!isUint64(resourceVersion) || /^0+$/.test(resourceVersion)) return;
  throw new StatusError(500, "", "resourceVersion should not be set on objects to be created");
}

function isUint64(text: string): boolean {
  return /^\d+$/.test(text) && BigInt(text) < 2n ** 64n;
}

/** An object, or a place for one, whose uid is "". */
interface Identified {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string;
}

/**
 * The refusal of a write for an object of another uid than the one that is there. One that is only tried is refused
 * before etcd's client puts its prefix to the key.
 */
export function otherUid(type: ServedType, live: Identified, uid: string, dryRun: boolean): StatusError {
  const key = `${dryRun ? "" : "/registry"}${registryKey(type, live)}`;
  return conflict(
    type,
    live.name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.uid}`,
  );
}

/** Kinds that have kept a place of their own (kubernetes pkg/kubeapiserver SpecialDefaultResourcePrefixes). */
const registryFolders: Readonly<Record<string, string>> = {
  "/endpoints": "services/endpoints",
  "/nodes": "minions",
  "/replicationcontrollers": "controllers",
  "/services": "services/specs",
  "networking.k8s.io/ingresses": "ingress",
};

/** Where a real server keeps the object below its prefix in etcd, which some of its refusals show. */
function registryKey(type: ServedType, { name, namespace }: Identified): string {
  const isGrouped = type.custom !== undefined || type.group.startsWith("api");
  const group = isGrouped ? `/${type.group}` : "";
  const folder = registryFolders[type.collection] ?? type.resource;
  return `${group}/${folder}/${storeKey(type.namespaced ? namespace : undefined, name)}`;
}
