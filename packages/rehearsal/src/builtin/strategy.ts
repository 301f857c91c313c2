// What the registry does to built-in objects on their way into the store (kubernetes pkg/registry/*/strategy.go).
import { equalJson, groupOf, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";

import { valueAt } from "../admission/read-json.ts";
import { decodeBuiltin } from "./decode.ts";
import { asStored } from "./empty-values.ts";
import { settleClaimSources } from "./strategy/claim-sources.ts";
import { dateTaints } from "./strategy/device-taints.ts";
import { selectJobPods } from "./strategy/job-selector.ts";
import { selectByLabelKeys } from "./strategy/label-keys.ts";
import { dropElection } from "./strategy/lease.ts";
import { qosClassOf } from "./strategy/qos-class.ts";
import { settleConditions } from "./strategy/signing-request.ts";
import { dropUnserved } from "./strategy/unserved-fields.ts";

/** Kinds that count generations, and what makes the number rise; the default is the spec. */
const generationOf: Readonly<Record<string, (object: KubernetesObject) => unknown[]>> = {
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": specOf,
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": specOf,
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": (o) => [o.webhooks],
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": specOf,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": specOf,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": (o) => [o.webhooks],
  "apiextensions.k8s.io/CustomResourceDefinition": specOf,
  "apps/DaemonSet": specOf,
  "apps/Deployment": (o) => [o.spec, o.metadata.annotations],
  "apps/ReplicaSet": specOf,
  "apps/StatefulSet": specOf,
  "batch/CronJob": specOf,
  "batch/Job": specOf,
  "discovery.k8s.io/EndpointSlice": (o) => [o.endpoints, o.ports, o.addressType, o.metadata.labels],
  "flowcontrol.apiserver.k8s.io/FlowSchema": specOf,
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": specOf,
  "networking.k8s.io/Ingress": specOf,
  "networking.k8s.io/IngressClass": specOf,
  "networking.k8s.io/NetworkPolicy": specOf,
  "policy/PodDisruptionBudget": specOf,
  "resource.k8s.io/DeviceClass": specOf,
  "resource.k8s.io/ResourceSlice": specOf,
  "scheduling.k8s.io/PriorityClass": () => [],
  "storage.k8s.io/CSIDriver": specOf,
  "/Pod": specOf,
  "/PodTemplate": (o) => [o.template],
  "/ReplicationController": specOf,
};

const csiDriver = "storage.k8s.io/CSIDriver";
const slice = "resource.k8s.io/ResourceSlice";
const lease = "coordination.k8s.io/Lease";
const signingRequest = "certificates.k8s.io/CertificateSigningRequest";

/** Kinds of which a write of the status changes nothing else, not even what describes the object. */
const describedApart: ReadonlySet<string> = new Set([
  "networking.k8s.io/ServiceCIDR",
  "resource.k8s.io/ResourceClaim",
  "storage.k8s.io/VolumeAttachment",
]);

/** What describes an object in its metadata. */
const describing = ["annotations", "deletionTimestamp", "finalizers", "labels", "ownerReferences"];

/** Kinds with a status that only the status endpoint writes. */
const withStatus = new Set([
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "autoscaling/HorizontalPodAutoscaler",
  "batch/CronJob",
  "batch/Job",
  signingRequest,
  "flowcontrol.apiserver.k8s.io/FlowSchema",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
  "networking.k8s.io/Ingress",
  "networking.k8s.io/ServiceCIDR",
  "policy/PodDisruptionBudget",
  "resource.k8s.io/ResourceClaim",
  "storage.k8s.io/VolumeAttachment",
  "/Namespace",
  "/Node",
  "/PersistentVolume",
  "/PersistentVolumeClaim",
  "/Pod",
  "/ReplicationController",
  "/ResourceQuota",
  "/Service",
]);

function specOf(object: KubernetesObject): unknown[] {
  return [object.spec];
}

function keyOf(object: KubernetesObject): string {
  return `${groupOf(object.apiVersion)}/${object.kind}`;
}

/**
 * What the registry does to a new object of a built-in kind before admission: the sent status is dropped and the
 * server's first one put in its place, generation 1 where the kind counts it, finalizers that the server sets
 * itself. Takes a decoded object that has its uid (Jobs select by it), changes it.
 */
export function prepareForCreate(object: KubernetesObject): void {
  const key = keyOf(object);
  if (withStatus.has(key) && key !== "/Node") {
    const { status: _, ...bare } = object;
    // Decoding again writes the status as it is when nothing is in it.
    object.status = asStored(decodeBuiltin(bare as KubernetesObject).object).status ?? {};
  }
  dropUnserved(object);
  // A driver's changes are counted, not that it was made.
  if (key in generationOf && key !== csiDriver) object.metadata.generation = 1;
  if (key === "/Namespace") addKubernetesFinalizer(object);
  if (key === "/PersistentVolumeClaim") {
    addFinalizer(object, "kubernetes.io/pvc-protection");
    settleClaimSources(object, undefined);
  }
  if (key === "/PersistentVolume") addFinalizer(object, "kubernetes.io/pv-protection");
  if (key === "/PersistentVolume" && isJsonObject(object.status)) {
    object.status = { ...object.status, lastPhaseTransitionTime: object.metadata.creationTimestamp ?? null };
  }
  if (key === "apps/DaemonSet") annotate(object, templateGeneration, "1");
  if (key === "/Pod") {
    object.status = { phase: "Pending", ...gatedCondition(object), qosClass: qosClassOf(object) };
    selectByLabelKeys(object);
  }
  if (key === slice) dateTaints(object, String(object.metadata.creationTimestamp ?? ""));
  if (key === "batch/Job") selectJobPods(object);
  if (key === lease) dropElection(object, undefined);
}

/**
 * The same for an update: through the main resource the old status stands, through `status` the old spec; the
 * generation rises when the desired state changed. Takes a decoded object and the time, changes `next`.
 */
export function prepareForUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
  { subresource, now }: { subresource: "status" | "scale" | undefined; now: string },
): void {
  const key = keyOf(next);
  dropUnserved(next);
  if (subresource === "status") {
    restore(next, old, "spec");
    if (key === "apps/Deployment") restore(next.metadata, old.metadata, "labels");
    if (key === "/PersistentVolume") keepTransition(next, old, now);
    if (describedApart.has(key)) {
      for (const field of describing) restore(next.metadata, old.metadata, field);
    }
    if (key === signingRequest) settleConditions(next, old, now);
    if (key === "/Pod") {
      restore(next.metadata, old.metadata, "ownerReferences");
      restore(next.metadata, old.metadata, "deletionTimestamp");
      if (isJsonObject(next.status) && !next.status.qosClass) restore(next.status, old.status, "qosClass");
    }
    // To the server the annotation is a field of the spec.
    if (key === "apps/DaemonSet") {
      annotate(next, templateGeneration, old.metadata.annotations?.[templateGeneration] ?? "0");
    }
    next.metadata = withGeneration(next, old.metadata.generation);
    return;
  }
  if (withStatus.has(key)) restore(next, old, "status");
  if (key === "/PersistentVolumeClaim") settleClaimSources(next, old);
  if (key === lease) dropElection(next, old);
  if (key === slice) dateTaints(next, now);
  if (key === signingRequest) restore(next, old, "spec");
  if (key === "/Namespace") restore(next.spec, old.spec, "finalizers");
  if (key === "apiextensions.k8s.io/CustomResourceDefinition") addStoredVersion(next);
  if (key === "apps/DaemonSet") countTemplates(next, old);
  const parts = generationOf[key];
  if (!parts) return;
  // Nothing but a network policy's own check tells an empty list from none.
  const written = key === "networking.k8s.io/NetworkPolicy" ? next : asStored(next);
  const changed = !equalJson(parts(written) as never, parts(old) as never);
  next.metadata = withGeneration(next, (old.metadata.generation ?? 0) + (changed ? 1 : 0));
}

/** Which paths nobody gets to own through this endpoint (the strategies' GetResetFields). */
export function resetFieldsOf(
  group: string,
  kind: string,
  subresource: "status" | "scale" | undefined,
): readonly (readonly string[])[] {
  const key = `${group}/${kind}`;
  if (!withStatus.has(key) || subresource === "scale") return [];
  if (key === signingRequest) return [["spec"], subresource ? ["status", "conditions"] : ["status"]];
  if (subresource === undefined) return [["status"]];
  if (key === "apps/Deployment") return [["spec"], ["metadata", "labels"]];
  if (describedApart.has(key)) return [["metadata"], ["spec"]];
  if (key === "/Pod") return [["spec"], ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]];
  return [["spec"]];
}

function withGeneration(
  object: KubernetesObject,
  generation: number | undefined,
): KubernetesObject["metadata"] {
  const { generation: _, ...metadata } = object.metadata;
  return (generation ? { ...metadata, generation } : metadata) as KubernetesObject["metadata"];
}

function restore(next: unknown, old: unknown, key: string): void {
  if (!isJsonObject(next as never) || !isJsonObject(old as never)) return;
  const target = next as JsonObject;
  const value = (old as JsonObject)[key];
  if (value === undefined) delete target[key];
  else target[key] = value;
}

function addKubernetesFinalizer(namespace: KubernetesObject): void {
  const spec = isJsonObject(namespace.spec) ? namespace.spec : {};
  const finalizers = Array.isArray(spec.finalizers) ? spec.finalizers : [];
  if (!finalizers.includes("kubernetes")) finalizers.push("kubernetes");
  namespace.spec = { ...spec, finalizers };
}

/** What is stored as it is read: one without labels has those of its template, which are the default. */
export function asRead(object: KubernetesObject): KubernetesObject {
  const key = keyOf(object);
  if (object.metadata.labels || (key !== "batch/Job" && key !== "/ReplicationController")) return object;
  const labels = valueAt(object.spec, "template", "metadata", "labels");
  if (!isJsonObject(labels)) return object;
  return { ...object, metadata: { ...object.metadata, labels: { ...labels } as Record<string, string> } };
}

/** When a volume's phase changed last: what the writer says, or else what follows from the phases. */
function keepTransition(next: KubernetesObject, old: KubernetesObject, now: string): void {
  const field = "lastPhaseTransitionTime";
  const [status, before] = [next.status, old.status].map((part) => (isJsonObject(part) ? part : {}));
  if (!status || !before) return;
  const said = status[field];
  if (status.phase === before.phase) {
    if (!said && before[field] !== undefined) next.status = { ...status, [field]: before[field] };
  } else if (!said || said === before[field]) next.status = { ...status, [field]: now };
}

/** What the StorageObjectInUseProtection plugin does, which every real server runs. */
function addFinalizer(object: KubernetesObject, finalizer: string): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer];
}

function annotate(object: KubernetesObject, key: string, value: string): void {
  object.metadata.annotations = { ...object.metadata.annotations, [key]: value };
}

const templateGeneration = "deprecated.daemonset.template.generation";

function countTemplates(next: KubernetesObject, old: KubernetesObject): void {
  const name = templateGeneration;
  const before = Number(old.metadata.annotations?.[name] ?? "0");
  const template = (object: KubernetesObject) =>
    isJsonObject(object.spec) ? object.spec.template : undefined;
  annotate(next, name, String(equalJson(template(asStored(next)), template(old)) ? before : before + 1));
}

function addStoredVersion(crd: KubernetesObject): void {
  if (!isJsonObject(crd.spec) || !isJsonObject(crd.status)) return;
  const versions = Array.isArray(crd.spec.versions) ? crd.spec.versions.filter(isJsonObject) : [];
  const name = versions.find((version) => version.storage === true)?.name;
  const stored = Array.isArray(crd.status.storedVersions) ? crd.status.storedVersions : [];
  if (typeof name !== "string" || stored.includes(name)) return;
  crd.status = { ...crd.status, storedVersions: [...stored, name] };
}

/** The condition of a pod that is not to be scheduled yet (registry/core/pod applySchedulingGatedCondition). */
function gatedCondition({ spec, metadata }: KubernetesObject): JsonObject {
  const gates = isJsonObject(spec) ? spec.schedulingGates : undefined;
  if (!Array.isArray(gates) || gates.length === 0) return {};
  const condition = {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: metadata.creationTimestamp ?? null,
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
  };
  return { conditions: [condition] };
}
