// One cache per resource, shared by all controllers of a cluster, as client-go's shared informers are.
import {
  createInformer,
  type Informer,
  type KubernetesObject,
  type ObjectChange,
  type ResourceType,
} from "@slipway/kubernetes";
import type { ControllerContext } from "../context.ts";
import { controllerOf } from "./owners.ts";

/** What became of an object of a known kind. */
export type Change<T extends KubernetesObject> =
  | { readonly type: "added"; readonly object: T }
  | { readonly type: "updated"; readonly object: T; readonly old: T }
  | { readonly type: "deleted"; readonly object: T };

/** The objects of one resource as a controller last heard of them. */
export interface Cache<T extends KubernetesObject = KubernetesObject> {
  readonly type: ResourceType;
  readonly synced: Promise<void>;
  /** By name first, as in `get(name, namespace)`; the namespace is left out for cluster-scoped resources. */
  get(name: string, namespace?: string): T | undefined;
  list(namespace?: string): T[];
  /** Objects that name this uid among their owners. */
  ownedBy(uid: string): T[];
  /** Objects of a namespace that no controller owns. */
  orphansIn(namespace: string): T[];
  /** Pods that are bound to a node. */
  onNode(name: string): T[];
  /** Calls `handler` for every object that is there already and for every later change. */
  onChange(handler: (change: Change<T>) => void): void;
  /** Resolves when the cache shows the collection at `version` or later. */
  reached(version: number): Promise<void>;
  /** Stops following the server. */
  stop(): void;
}

/** The caches of a cluster; each is made when it is first asked for. */
export interface Caches {
  /** The objects are taken to have the shape `T` that the server's own schema gives them. */
  follow<T extends KubernetesObject>(type: ResourceType): Cache<T>;
  /** The same with objects that have nothing but their metadata. */
  followMetadata(type: ResourceType): Cache;
  /** Whether the resource is followed already. */
  follows(type: ResourceType): boolean;
  /** Stops the cache of a resource, which has ceased to be served. */
  forget(type: ResourceType): void;
  /** Resolves when every cache asked for so far has had its first list. */
  synced(): Promise<void>;
}

/** A write is waited for at most this long; after a lost watch its event may never come. */
const LONGEST_WAIT_MS = 5_000;

/** An empty set of caches that follow the context's server until its signal aborts. */
export function createCaches(context: ControllerContext): Caches {
  const caches = new Map<string, Cache>();
  let unsynced: Promise<unknown> | undefined;
  const cacheOf = (key: string, type: ResourceType, metadataOnly: boolean): Cache => {
    let cache = caches.get(key);
    if (cache === undefined) {
      cache = createCache(context, type, metadataOnly);
      caches.set(key, cache);
      unsynced = Promise.all([...caches.values()].map(({ synced }) => synced));
    }
    return cache;
  };
  return {
    follow<T extends KubernetesObject>(type: ResourceType): Cache<T> {
      return cacheOf(typeKey(type), type, false) as unknown as Cache<T>;
    },
    followMetadata: (type) => cacheOf(`metadata of ${typeKey(type)}`, type, true),
    follows: (type) => caches.has(typeKey(type)),
    forget(type) {
      caches.get(typeKey(type))?.stop();
      caches.delete(typeKey(type));
    },
    async synced() {
      while (unsynced) {
        const awaited = unsynced;
        await awaited;
        // Another cache may have been asked for meanwhile.
        if (unsynced === awaited) unsynced = undefined;
      }
    },
  };
}

/** A resource's name in maps. */
export function typeKey({ group, version, resource }: ResourceType): string {
  return `${group}/${version}/${resource}`;
}

function createCache(context: ControllerContext, type: ResourceType, metadataOnly: boolean): Cache {
  const handlers: ((change: ObjectChange) => void)[] = [];
  const waiters = new Set<{ readonly version: number; readonly wake: () => void }>();
  let newest = 0;

  context.signal.addEventListener("abort", () => {
    for (const waiter of waiters) waiter.wake();
  });

  function heard(change: ObjectChange): void {
    newest = Math.max(newest, Number(change.object.metadata.resourceVersion ?? 0));
    for (const handler of handlers) handler(change);
    for (const waiter of waiters) if (waiter.version <= newest) waiter.wake();
  }

  const informer: Informer = createInformer({
    client: context.client,
    clock: context.clock,
    type,
    metadataOnly,
    signal: context.signal,
    indexes: {
      namespace: (object) => [object.metadata.namespace ?? ""],
      owner: (object) => (object.metadata.ownerReferences ?? []).map((owner) => owner.uid),
      orphan: (object) => (controllerOf(object) ? [] : [object.metadata.namespace ?? ""]),
      node: (object) => nodeOf(object),
    },
    onChange: heard,
  });

  return {
    type,
    synced: informer.synced,
    stop: informer.stop,
    get: informer.get,
    list: (namespace) => (namespace === undefined ? informer.list() : informer.index("namespace", namespace)),
    ownedBy: (uid) => informer.index("owner", uid),
    orphansIn: (namespace) => informer.index("orphan", namespace),
    onNode: (name) => informer.index("node", name),
    onChange(handler) {
      handlers.push(handler);
      for (const object of informer.list()) handler({ type: "added", object });
    },
    reached(version) {
      if (newest >= version || context.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          waiters.delete(waiter);
          cancel();
          resolve();
        };
        const waiter = { version, wake };
        const cancel = context.clock.schedule(LONGEST_WAIT_MS, wake);
        waiters.add(waiter);
      });
    },
  };
}

function nodeOf(object: KubernetesObject): string[] {
  const spec = object.spec;
  if (object.kind !== "Pod" || typeof spec !== "object" || spec === null || Array.isArray(spec)) return [];
  return typeof spec.nodeName === "string" && spec.nodeName !== "" ? [spec.nodeName] : [];
}
