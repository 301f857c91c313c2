import type { Json, JsonObject } from "@slipway/yaml";

/** A Kubernetes object as it is in a file and on the wire; nothing is converted on the way. */
export interface KubernetesObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** The part of `ObjectMeta` that Slipway reads by name (Kubernetes API, meta/v1). */
export interface ObjectMeta extends JsonObject {
  name: string;
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: { [key: string]: string };
  annotations?: { [key: string]: string };
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: Json[];
}

/** An entry of `metadata.ownerReferences`. */
export interface OwnerReference extends JsonObject {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/**
 * What makes an object the one it is. The version is left out: two versions of one kind are one object.
 * `group` is "" for the core group; `namespace` is absent for cluster-scoped objects.
 */
export interface ObjectIdentity {
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The identity of an object. `metadata.namespace` is taken as it stands. */
export function identify(object: KubernetesObject): ObjectIdentity {
  const { name, namespace } = object.metadata;
  const group = groupOf(object.apiVersion);
  return namespace ? { group, kind: object.kind, namespace, name } : { group, kind: object.kind, name };
}

/** `apps/v1` is of the group `apps`, `v1` of the core group "". */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** `apps/v1` is of version `v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

/** A unique key for maps: `group/Kind:namespace/name`, `-` where there is no namespace. */
export function objectKey(id: ObjectIdentity): string {
  return `${id.group}/${id.kind}:${id.namespace ?? "-"}/${id.name}`;
}

/** As a person names it: `Deployment/kubeflow/ml-pipeline`, `Namespace/auth`. */
export function formatIdentity(id: ObjectIdentity): string {
  return id.namespace ? `${id.kind}/${id.namespace}/${id.name}` : `${id.kind}/${id.name}`;
}
