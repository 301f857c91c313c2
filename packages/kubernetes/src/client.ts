import type { JsonObject } from "@slipway/yaml";
import type { KubernetesObject } from "./object.ts";

/** One served resource: enough to build its URL, without discovery. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  /** Plural, lower case: `deployments`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Which object of a resource; `namespace` only where the resource is namespaced. */
export interface ObjectRef {
  readonly namespace?: string;
  readonly name: string;
}

/** What a read selects. Selectors are in the API's own notation. */
export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Page size; `list` follows `continue` and returns all pages together. */
  readonly limit?: number;
  /** Objects come with apiVersion, kind and metadata alone (meta/v1 PartialObjectMetadata). */
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** A whole list and the version of the collection that it shows. */
export interface ObjectList {
  readonly items: KubernetesObject[];
  readonly resourceVersion: string;
}

/** One line of a watch. A `BOOKMARK` carries a resourceVersion only; errors are thrown as ApiError (410 included). */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubernetesObject;
}

/** Options that every write takes. */
export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
  readonly subresource?: "status" | "scale" | "binding" | "finalize";
  readonly signal?: AbortSignal;
}

/** The three patches of the API; server-side apply is {@link Client.apply}. */
export type PatchBody =
  | { readonly type: "merge"; readonly patch: JsonObject }
  | { readonly type: "strategic"; readonly patch: JsonObject }
  | { readonly type: "json"; readonly patch: JsonObject[] };

/** How a delete goes about dependents, and on which conditions it acts. */
export interface DeleteOptions {
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * A Kubernetes API client that moves plain JSON. Every method rejects with `ApiError` when the server refuses
 * (its `status` is the `meta/v1.Status`), and with `ConnectionError` when no answer came.
 */
export interface Client {
  get(type: ResourceType, ref: ObjectRef, options?: { signal?: AbortSignal }): Promise<KubernetesObject>;
  list(type: ResourceType, options?: ListOptions): Promise<ObjectList>;
  watch(
    type: ResourceType,
    options: ListOptions & { readonly resourceVersion?: string },
  ): AsyncIterable<WatchEvent>;
  /** Whether discovery lists the resource: a custom one is not there before its definition is established. */
  serves(type: ResourceType, options?: { signal?: AbortSignal }): Promise<boolean>;
  create(type: ResourceType, object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  update(type: ResourceType, object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  patch(
    type: ResourceType,
    ref: ObjectRef,
    body: PatchBody,
    options?: WriteOptions,
  ): Promise<KubernetesObject>;
  /** Server-side apply (KEP-555). `onWarning` gets the texts of the answer's `Warning` headers. */
  apply(
    type: ResourceType,
    object: KubernetesObject,
    options: WriteOptions & {
      readonly fieldManager: string;
      readonly force?: boolean;
      readonly onWarning?: (text: string) => void;
    },
  ): Promise<KubernetesObject>;
  /** The deleted object, or the Status that the server answered with. */
  delete(type: ResourceType, ref: ObjectRef, options?: DeleteOptions): Promise<JsonObject>;
}
