// The state of the embedded cluster: versioned, immutable objects with a history to watch from (as etcd's).
import type { KubernetesObject } from "@slipway/kubernetes";
import { StatusError } from "../server/status-error.ts";
import { freezeJson } from "./immutable.ts";

/** One change of one object. `previous` is what it replaced or removed. */
export interface StoreEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly key: string;
  readonly object: KubernetesObject;
  readonly previous: KubernetesObject | undefined;
  readonly revision: number;
}

/** A collection as it was at one revision, in key order. */
export interface StoreSnapshot {
  readonly revision: number;
  readonly entries: readonly (readonly [key: string, object: KubernetesObject])[];
}

/**
 * Objects by collection (`group/resource`) and key (`namespace/name`, or `name`). Every call is synchronous, so
 * whatever happens between two awaits is atomic. Objects that go in are frozen; those that come out are.
 */
export interface Store {
  /** The revision of the newest change. */
  revision(): number;
  get(collection: string, key: string): KubernetesObject | undefined;
  /** The collection now, or as it was at `revision`; an expired revision is a StatusError 410. */
  snapshot(collection: string, revision?: number): StoreSnapshot;
  /** Writes an object under a new revision, which becomes its resourceVersion. Returns what was stored. */
  put(collection: string, key: string, object: KubernetesObject): KubernetesObject;
  /** Removes an object; the last state that watchers see carries the revision of the removal. */
  remove(collection: string, key: string, last?: KubernetesObject): KubernetesObject | undefined;
  /** Changes after `revision`, oldest first; an expired revision is a StatusError 410. */
  eventsSince(collection: string, revision: number): readonly StoreEvent[];
  /** Calls `listener` with each later change of the collection, until the returned function is called. */
  subscribe(collection: string, listener: (event: StoreEvent) => void): () => void;
}

interface Collection {
  readonly objects: Map<string, KubernetesObject>;
  sorted: (readonly [string, KubernetesObject])[] | undefined;
  history: StoreEvent[];
  /** The newest revision that is no longer in the history. */
  compacted: number;
  readonly listeners: Set<(event: StoreEvent) => void>;
}

/** The key of an object in its collection. */
export function storeKey(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

/**
 * An empty store. `historyLength` is how many changes each collection remembers: a watch or a continued list
 * from further back is answered with 410.
 */
export function createStore({ historyLength = 10_000 }: { historyLength?: number } = {}): Store {
  const collections = new Map<string, Collection>();
  // A revision of 1 is what an empty cluster's first list shows; 0 means "any" in requests.
  let current = 1;

  function collectionOf(name: string): Collection {
    let collection = collections.get(name);
    if (!collection) {
      collection = { objects: new Map(), sorted: undefined, history: [], compacted: 0, listeners: new Set() };
      collections.set(name, collection);
    }
    return collection;
  }

  function record(collection: Collection, event: StoreEvent): void {
    collection.sorted = undefined;
    collection.history.push(event);
    // Cut in one go and seldom: shifting one by one would copy the array for each change.
    if (collection.history.length > historyLength * 1.25) {
      const dropped = collection.history.length - historyLength;
      collection.compacted = collection.history[dropped - 1]?.revision ?? collection.compacted;
      collection.history = collection.history.slice(dropped);
    }
    for (const listener of [...collection.listeners]) listener(event);
  }

  function stamp(object: KubernetesObject): KubernetesObject {
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(++current) } };
  }

  function sortedEntries(collection: Collection): readonly (readonly [string, KubernetesObject])[] {
    collection.sorted ??= [...collection.objects].sort(([a], [b]) => (a < b ? -1 : 1));
    return collection.sorted;
  }

  function eventsSince(name: string, revision: number): readonly StoreEvent[] {
    const collection = collectionOf(name);
    if (revision < collection.compacted) throw expired(revision, collection.compacted);
    // Binary search: a watch usually starts close to the end.
    let low = 0;
    let high = collection.history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((collection.history[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return collection.history.slice(low);
  }

  return {
    revision: () => current,
    get: (name, key) => collectionOf(name).objects.get(key),
    snapshot(name, revision) {
      const collection = collectionOf(name);
      if (revision === undefined || revision >= current) {
        return { revision: current, entries: sortedEntries(collection) };
      }
      const later = eventsSince(name, revision);
      if (later.length === 0) return { revision, entries: sortedEntries(collection) };
      const objects = new Map(collection.objects);
      for (const event of later.toReversed()) {
        if (event.previous) objects.set(event.key, event.previous);
        else objects.delete(event.key);
      }
      return { revision, entries: [...objects].sort(([a], [b]) => (a < b ? -1 : 1)) };
    },
    put(name, key, object) {
      const collection = collectionOf(name);
      const previous = collection.objects.get(key);
      const stored = freezeJson(stamp(object));
      collection.objects.set(key, stored);
      const type = previous ? "MODIFIED" : "ADDED";
      record(collection, { type, key, object: stored, previous, revision: current });
      return stored;
    },
    remove(name, key, last) {
      const collection = collectionOf(name);
      const previous = collection.objects.get(key);
      if (!previous) return undefined;
      collection.objects.delete(key);
      const removed = freezeJson(stamp(last ?? previous));
      record(collection, { type: "DELETED", key, object: removed, previous, revision: current });
      return removed;
    },
    eventsSince,
    subscribe(name, listener) {
      const { listeners } = collectionOf(name);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What a request from before the history's start is answered with (apiserver storage/etcd3, errors.go). */
function expired(requested: number, oldest: number): StatusError {
  return new StatusError(410, "Expired", `too old resource version: ${requested} (${oldest})`);
}
