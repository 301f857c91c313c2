import type { KubernetesObject, ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { WantedAccess } from "../server/authorize.ts";
import type { UserInfo } from "../server/request.ts";

/** A write on its way into the store, in the terms of admission.k8s.io/v1 AdmissionRequest. */
export interface AdmissionAttributes {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly type: ResourceType;
  /** What `object` is, where a subresource has a kind of its own: Scale, Eviction. */
  readonly objectKind?: ObjectKind;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name: string;
  /** The object as it would be stored; absent for DELETE. A mutating plugin returns a changed copy. */
  readonly object?: KubernetesObject;
  readonly oldObject?: KubernetesObject;
  readonly options: JsonObject;
  readonly dryRun: boolean;
  readonly user: UserInfo;
}

/** Group, version and kind of an object. */
export type ObjectKind = Pick<ResourceType, "group" | "version" | "kind">;

/** What a plugin may read of the cluster while it decides: the store as it stands, without a request. */
export interface AdmissionReader {
  get(type: ResourceType, namespace: string | undefined, name: string): KubernetesObject | undefined;
  list(type: ResourceType, namespace?: string): readonly KubernetesObject[];
  /** Why a user may do something, by the cluster's roles and bindings; undefined when they may not. */
  permit(user: UserInfo, wanted: WantedAccess): string | undefined;
  /** Adds a text to the answer's `Warning` headers. */
  warn(text: string): void;
  /** Adds a text to the request's line in the audit log; one that is there by that key gives way. */
  annotate(key: string, value: string): void;
}

/**
 * One step of admission. `admit` may change the object, `validate` may not; both refuse by throwing the
 * server's `StatusError`.
 */
export interface AdmissionPlugin {
  readonly name: string;
  admit?(attributes: AdmissionAttributes, reader: AdmissionReader): Promise<KubernetesObject | undefined>;
  validate?(attributes: AdmissionAttributes, reader: AdmissionReader): Promise<void>;
}
