// Deletes what no owner wants any more (pkg/controller/garbagecollector).
import {
  groupOf,
  isApiError,
  type KubernetesObject,
  type OwnerReference,
  type ResourceType,
} from "@slipway/kubernetes";
import { type Cache, createCaches, typeKey } from "../runtime/cache.ts";
import type { Environment } from "../runtime/environment.ts";
import { keyOf, splitKey, uidOf } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { deletableBuiltins, followDefinitions, resourceOf } from "./served-types.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/** What is known of an owner that an object names. */
type OwnerState = "present" | "absent" | "waiting";

/**
 * Starts the garbage collector over all kinds that are served, custom ones included. An object goes when all
 * its owners have gone; an owner that is deleted in the foreground waits for the dependents that block it; one
 * that is deleted as `Orphan` has its dependents let go of first.
 */
export function startGarbageCollector(environment: Environment): void {
  const { client } = environment;
  const custom = createCaches(environment);
  const followed = new Map<string, Cache>();
  /** The resource and key of everything that exists, by uid. */
  const existing = new Map<string, { readonly cache: Cache; readonly key: string }>();
  /** Uids of objects that were seen to go; an owner among them need not be asked for. */
  const gone = new Set<string>();

  const controller = runController(environment, {
    name: "garbage-collector-controller",
    workers: 10,
    async reconcile(entry, tools) {
      const [resource = "", key = ""] = entry.split(" ");
      const cache = followed.get(resource);
      const { name, namespace } = splitKey(key);
      const object = cache?.get(name, namespace);
      if (!cache || !object) return;
      if (object.metadata.deletionTimestamp) await finish(cache, object, tools);
      else await collect(cache, object, tools);
    },
  });

  function follow(type: ResourceType, caches: Pick<typeof custom, "follow">): void {
    const cache = caches.follow(type);
    if (followed.has(typeKey(type))) return;
    followed.set(typeKey(type), cache);
    cache.onChange(({ type: change, object }) => {
      const uid = uidOf(object);
      if (change === "deleted") {
        existing.delete(uid);
        gone.add(uid);
        for (const dependent of dependentsOf(uid)) enqueue(dependent.cache, dependent.object);
        // Owners that wait for their dependents to be gone.
        for (const owner of object.metadata.ownerReferences ?? []) {
          const place = existing.get(owner.uid);
          if (place) controller.enqueue(`${typeKey(place.cache.type)} ${place.key}`);
        }
        return;
      }
      existing.set(uid, { cache, key: keyOf(object) });
      const { ownerReferences = [], deletionTimestamp, finalizers = [] } = object.metadata;
      const finishing = deletionTimestamp && (finalizers.includes(FOREGROUND) || finalizers.includes(ORPHAN));
      if (finishing || ownerReferences.some((owner) => !existing.has(owner.uid))) enqueue(cache, object);
    });
  }

  const shared = environment.caches;
  for (const type of deletableBuiltins) {
    if (type.kind !== "Event") follow(type, shared.follows(type) ? shared : custom);
  }
  followDefinitions(shared).onChange(({ type: change, object }) => {
    const type = resourceOf(object);
    if (!type) return;
    if (change !== "deleted") follow(type, custom);
    else {
      custom.forget(type);
      followed.delete(typeKey(type));
    }
  });

  function enqueue(cache: Cache, object: KubernetesObject): void {
    controller.enqueue(`${typeKey(cache.type)} ${keyOf(object)}`);
  }

  function dependentsOf(uid: string): { readonly cache: Cache; readonly object: KubernetesObject }[] {
    return [...followed.values()].flatMap((cache) => cache.ownedBy(uid).map((object) => ({ cache, object })));
  }

  /** Does for a deleted owner what its finalizers ask for, and takes them away when it is done. */
  async function finish(cache: Cache, object: KubernetesObject, { write }: ControllerTools): Promise<void> {
    const uid = uidOf(object);
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN)) {
      for (const dependent of dependentsOf(uid)) {
        await keepOwners(dependent.cache, dependent.object, (owner) => owner.uid !== uid, write);
      }
    } else if (finalizers.includes(FOREGROUND)) {
      const dependents = dependentsOf(uid);
      for (const dependent of dependents) enqueue(dependent.cache, dependent.object);
      const blocks = (owner: OwnerReference) => owner.uid === uid && owner.blockOwnerDeletion === true;
      if (dependents.some((dependent) => dependent.object.metadata.ownerReferences?.some(blocks))) return;
    } else return;
    const rest = finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND);
    await patchMetadata(cache, object, { finalizers: rest }, write);
  }

  /** Deletes an object all of whose owners have gone, and forgets single ones that have. */
  async function collect(cache: Cache, object: KubernetesObject, { write }: ControllerTools): Promise<void> {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return;
    const states = await Promise.all(owners.map((owner) => stateOf(owner, object)));
    if (states.includes("present")) {
      if (states.every((state) => state === "present")) return;
      const present = new Set(owners.filter((_, index) => states[index] === "present").map(({ uid }) => uid));
      await keepOwners(cache, object, (owner) => present.has(owner.uid), write);
      return;
    }
    const inForeground = states.includes("waiting") && dependentsOf(uidOf(object)).length > 0;
    await write.delete(cache.type, object, { propagationPolicy: inForeground ? "Foreground" : "Background" });
  }

  async function stateOf(owner: OwnerReference, dependent: KubernetesObject): Promise<OwnerState> {
    const place = existing.get(owner.uid);
    if (place) {
      const { name, namespace } = splitKey(place.key);
      const { deletionTimestamp, finalizers = [] } = place.cache.get(name, namespace)?.metadata ?? {};
      const waits = deletionTimestamp && finalizers.includes(FOREGROUND) && owner.blockOwnerDeletion === true;
      return waits ? "waiting" : "present";
    }
    if (gone.has(owner.uid)) return "absent";
    const type = [...followed.values()]
      .map((cache) => cache.type)
      .find(({ group, kind }) => group === groupOf(owner.apiVersion) && kind === owner.kind);
    // Of a kind that is not served nothing can be said.
    if (!type) return "present";
    const { namespace } = dependent.metadata;
    try {
      const found = await client.get(type, {
        name: owner.name,
        ...(type.namespaced && namespace ? { namespace } : {}),
      });
      return uidOf(found) === owner.uid ? "present" : "absent";
    } catch (error) {
      if (isApiError(error, 404)) return "absent";
      throw error;
    }
  }
}

async function keepOwners(
  cache: Cache,
  object: KubernetesObject,
  keep: (owner: OwnerReference) => boolean,
  write: ControllerTools["write"],
): Promise<void> {
  const owners = object.metadata.ownerReferences ?? [];
  const kept = owners.filter(keep);
  if (kept.length < owners.length) await patchMetadata(cache, object, { ownerReferences: kept }, write);
}

async function patchMetadata(
  cache: Cache,
  object: KubernetesObject,
  change: { readonly ownerReferences?: OwnerReference[]; readonly finalizers?: string[] },
  write: ControllerTools["write"],
): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const metadata = { ...change, ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
  try {
    await write.patch(cache.type, object, { type: "merge", patch: { metadata } });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}
