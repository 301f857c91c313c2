import type { Client, ListOptions, ResourceType } from "./client.ts";
import type { Clock } from "./clock.ts";
import { ApiError } from "./errors.ts";
import type { KubernetesObject } from "./object.ts";

/** What became of an object. `old` is the last one seen before it. */
export type ObjectChange =
  | { readonly type: "added"; readonly object: KubernetesObject }
  | { readonly type: "updated"; readonly object: KubernetesObject; readonly old: KubernetesObject }
  | { readonly type: "deleted"; readonly object: KubernetesObject };

/** What an informer follows and whom it tells. */
export interface InformerOptions extends Omit<ListOptions, "limit"> {
  readonly client: Client;
  readonly clock: Clock;
  readonly type: ResourceType;
  /** Names for ways to find objects: each gives the keys under which an object is found with `index`. */
  readonly indexes?: Readonly<Record<string, (object: KubernetesObject) => readonly string[]>>;
  /** Called after the cache has changed, once per change, in the server's order. */
  readonly onChange?: (change: ObjectChange) => void;
  /** Called for each failed list or watch (not for an expired one); the informer goes on trying. */
  readonly onError?: (error: unknown) => void;
}

/** A cache of one resource that follows the server. */
export interface Informer {
  /** Resolves when the first list is in the cache and its changes were told; never rejects. */
  readonly synced: Promise<void>;
  hasSynced(): boolean;
  get(name: string, namespace?: string): KubernetesObject | undefined;
  list(namespace?: string): KubernetesObject[];
  /** The objects that the named index puts under `key`. */
  index(name: string, key: string): KubernetesObject[];
  stop(): void;
}

const firstBackoffMs = 800;
const longestBackoffMs = 30_000;
/** A watch that ends sooner than this counts as a failure, so that a broken proxy is not hammered. */
const shortestWatchMs = 1_000;

/**
 * Lists a resource, watches it from there, resumes where a watch ended, and lists again when the server no
 * longer has that version (410) — client-go's Reflector in outline. A resource that is not served yet (404)
 * is tried again like any other failure.
 */
export function createInformer(options: InformerOptions): Informer {
  const { client, clock, type } = options;
  const store = createStore(options.indexes ?? {});
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Error("the informer was stopped"));
  if (options.signal?.aborted) stop();
  else options.signal?.addEventListener("abort", stop, { once: true, signal: stopping.signal });
  const selection: ListOptions = {
    ...(options.namespace ? { namespace: options.namespace } : {}),
    ...(options.labelSelector ? { labelSelector: options.labelSelector } : {}),
    ...(options.fieldSelector ? { fieldSelector: options.fieldSelector } : {}),
    ...(options.metadataOnly ? { metadataOnly: true } : {}),
    signal: stopping.signal,
  };
  let hasSynced = false;
  let markSynced = () => {};
  const synced = new Promise<void>((resolve) => {
    markSynced = () => {
      hasSynced = true;
      resolve();
    };
  });

  const put = (object: KubernetesObject) => {
    const old = store.put(object);
    if (
      old?.metadata.resourceVersion === object.metadata.resourceVersion &&
      old?.metadata.uid === object.metadata.uid
    )
      return;
    if (!old) options.onChange?.({ type: "added", object });
    else if (old.metadata.uid === object.metadata.uid) options.onChange?.({ type: "updated", object, old });
    else {
      // Deleted and created anew while nobody watched.
      options.onChange?.({ type: "deleted", object: old });
      options.onChange?.({ type: "added", object });
    }
  };
  const remove = (object: KubernetesObject) => {
    if (store.remove(object)) options.onChange?.({ type: "deleted", object });
  };

  const relist = async (): Promise<string> => {
    const { items, resourceVersion } = await client.list(type, selection);
    const present = new Set(items.map(keyOf));
    for (const gone of store.list().filter((object) => !present.has(keyOf(object)))) remove(gone);
    for (const object of items) put(object);
    return resourceVersion;
  };

  /** Follows one watch to its end and returns the version that it reached. */
  const follow = async (from: string, reached: (version: string) => void): Promise<void> => {
    for await (const event of client.watch(type, { ...selection, resourceVersion: from })) {
      if (event.type === "DELETED") remove(event.object);
      else if (event.type !== "BOOKMARK") put(event.object);
      const version = event.object.metadata.resourceVersion;
      if (version) reached(version);
    }
  };

  const run = async () => {
    let version: string | undefined;
    let failures = 0;
    const reached = (now: string) => {
      version = now;
      failures = 0;
    };
    while (!stopping.signal.aborted) {
      try {
        if (version === undefined) {
          version = await relist();
          markSynced();
        }
        const started = clock.now();
        await follow(version, reached);
        if (clock.now() - started >= shortestWatchMs) failures = 0;
        else if (failures++ > 0) await clock.sleep(backoff(failures - 1), stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (isExpired(error)) {
          version = undefined;
          if (failures++ === 0) continue;
        } else {
          failures++;
          options.onError?.(error);
        }
        const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
        await clock.sleep(asked ?? backoff(failures), stopping.signal).catch(() => {});
      }
    }
  };
  void run().catch((error) => {
    if (!stopping.signal.aborted) options.onError?.(error);
  });

  return {
    synced,
    hasSynced: () => hasSynced,
    get: store.get,
    list: store.list,
    index: store.index,
    stop,
  };
}

function backoff(failures: number): number {
  return Math.min(firstBackoffMs * 2 ** (failures - 1), longestBackoffMs);
}

/** 410 as an answer or in the stream; some servers say only `Expired`. */
function isExpired(error: unknown): boolean {
  return (
    error instanceof ApiError && (error.code === 410 || error.reason === "Expired" || error.reason === "Gone")
  );
}

function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

type Indexes = Readonly<Record<string, (object: KubernetesObject) => readonly string[]>>;

function createStore(indexes: Indexes) {
  const objects = new Map<string, KubernetesObject>();
  const indexed = new Map<string, Map<string, Set<string>>>();
  for (const name of Object.keys(indexes)) indexed.set(name, new Map());

  const unindex = (key: string, object: KubernetesObject) => {
    for (const [name, keysOf] of Object.entries(indexes)) {
      for (const at of keysOf(object)) {
        const keys = indexed.get(name)?.get(at);
        keys?.delete(key);
        if (keys?.size === 0) indexed.get(name)?.delete(at);
      }
    }
  };

  return {
    /** Puts the object and returns the one that it replaces. */
    put(object: KubernetesObject): KubernetesObject | undefined {
      const key = keyOf(object);
      const old = objects.get(key);
      if (old) unindex(key, old);
      objects.set(key, object);
      for (const [name, keysOf] of Object.entries(indexes)) {
        const index = indexed.get(name);
        for (const at of keysOf(object)) {
          const keys = index?.get(at);
          if (keys) keys.add(key);
          else index?.set(at, new Set([key]));
        }
      }
      return old;
    },
    remove(object: KubernetesObject): boolean {
      const key = keyOf(object);
      const old = objects.get(key);
      if (old) unindex(key, old);
      return objects.delete(key);
    },
    get: (name: string, namespace?: string) => objects.get(`${namespace ?? ""}/${name}`),
    list: (namespace?: string) =>
      [...objects.values()].filter((object) => !namespace || object.metadata.namespace === namespace),
    index(name: string, at: string): KubernetesObject[] {
      const found: KubernetesObject[] = [];
      for (const key of indexed.get(name)?.get(at) ?? []) {
        const object = objects.get(key);
        if (object) found.push(object);
      }
      return found;
    },
  };
}
