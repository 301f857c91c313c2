// A controller's writes: under its own name, and seen by its caches before it looks again.
import {
  isApiError,
  type KubernetesObject,
  type PatchBody,
  type ResourceType,
  type WriteOptions,
} from "@slipway/kubernetes";
import type { ControllerContext } from "../context.ts";
import type { Caches } from "./cache.ts";

/** What a controller writes with. Each method rejects with `ApiError` as the client's own do. */
export interface Writer {
  create<T extends KubernetesObject>(type: ResourceType, object: T): Promise<T>;
  update<T extends KubernetesObject>(type: ResourceType, object: T): Promise<T>;
  /** Replaces the status; everything else in `object` is what was read. */
  updateStatus<T extends KubernetesObject>(type: ResourceType, object: T): Promise<T>;
  patch(
    type: ResourceType,
    object: KubernetesObject,
    body: PatchBody,
    subresource?: WriteOptions["subresource"],
  ): Promise<KubernetesObject>;
  /** Deletes just this object, not a later one of its name; one that is gone already is no error. */
  delete(
    type: ResourceType,
    object: KubernetesObject,
    options?: {
      readonly gracePeriodSeconds?: number;
      readonly propagationPolicy?: "Foreground" | "Background";
    },
  ): Promise<void>;
  /**
   * Resolves when the caches show everything written so far. A controller that looked earlier would make
   * twice what it has made already (client-go's controllers keep "expectations" against the same race).
   */
  observed(): Promise<void>;
}

/** A writer under the field manager `manager`. */
export function createWriter(
  { client }: ControllerContext,
  options: { readonly caches: Caches; readonly manager: string },
): Writer {
  const { caches, manager } = options;
  const newest = new Map<ResourceType, number>();

  function note<T extends KubernetesObject>(type: ResourceType, written: KubernetesObject): T {
    const version = Number(written.metadata?.resourceVersion ?? 0);
    if (version > (newest.get(type) ?? 0)) newest.set(type, version);
    return written as T;
  }

  return {
    async create(type, object) {
      return note(type, await client.create(type, object, { fieldManager: manager }));
    },
    async update(type, object) {
      return note(type, await client.update(type, object, { fieldManager: manager }));
    },
    async updateStatus(type, object) {
      return note(type, await client.update(type, object, { fieldManager: manager, subresource: "status" }));
    },
    async patch(type, object, body, subresource) {
      const options = { fieldManager: manager, ...(subresource ? { subresource } : {}) };
      return note(type, await client.patch(type, object.metadata, body, options));
    },
    async delete(type, object, options = {}) {
      const { uid } = object.metadata;
      try {
        const preconditions = uid ? { preconditions: { uid } } : {};
        await client.delete(type, object.metadata, { ...options, ...preconditions });
      } catch (error) {
        if (!isApiError(error, 404) && !isUidConflict(error)) throw error;
      }
    },
    async observed() {
      for (const [type, version] of newest) {
        await caches.follow(type).reached(version);
        if (newest.get(type) === version) newest.delete(type);
      }
    },
  };
}

/** Another object of that name has come since: what was to be deleted is gone. */
function isUidConflict(error: unknown): boolean {
  return isApiError(error, 409) && error.message.includes("Precondition failed: UID");
}
