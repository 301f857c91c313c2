import assert from "node:assert/strict";
import {
  ApiError,
  type Client,
  type KubernetesObject,
  matchesRequirements,
  type ObjectRef,
  parseSelector,
  type ResourceType,
  readinessOf,
  type WatchEvent,
} from "@slipway/kubernetes";

/** What a test may do when something is written. It may throw the server's refusal. */
export type WriteHook = (object: KubernetesObject, write: Write) => void;

/** One write as the cluster saw it. */
export interface Write {
  readonly verb: "apply" | "create" | "delete";
  readonly name: string;
  readonly dryRun: boolean;
}

/** A cluster for tests: it keeps objects and tells watches, and otherwise does what the test says. */
export interface FakeCluster {
  readonly client: Client;
  readonly writes: Write[];
  /** `Kind/name` of each write that was no dry run and went well. */
  accepted(): string[];
  /** Called before every write. */
  onWrite(hook: WriteHook): void;
  /** Puts an object as a controller would. */
  put(object: KubernetesObject): void;
  remove(kind: string, ref: ObjectRef): void;
  find(kind: string, ref: ObjectRef): KubernetesObject | undefined;
  /** Whether discovery lists the kinds of established definitions, as it does in the beginning. */
  serve(lists: boolean): void;
  readonly objects: Map<string, KubernetesObject>;
}

/** The server's refusal. */
export function refusal(code: number, message: string, reason = "", details = {}): ApiError {
  return new ApiError(code, { kind: "Status", code, message, reason, details });
}

export function createFakeCluster(): FakeCluster {
  const objects = new Map<string, KubernetesObject>();
  const writes: Write[] = [];
  const done: string[] = [];
  const hooks: WriteHook[] = [];
  const watchers = new Set<(event: WatchEvent) => void>();
  let version = 100;
  let discovers = true;

  const keyOf = (kind: string, ref: ObjectRef) => `${kind} ${ref.namespace ?? ""}/${ref.name}`;
  const tell = (event: WatchEvent) => {
    for (const watcher of [...watchers]) watcher(event);
  };
  const store = (object: KubernetesObject) => {
    const key = keyOf(object.kind, object.metadata);
    const old = objects.get(key);
    const metadata = { uid: key, ...object.metadata, resourceVersion: `${++version}` };
    const stored = { ...object, metadata };
    objects.set(key, stored);
    tell({ type: old ? "MODIFIED" : "ADDED", object: stored });
    return stored;
  };
  const write = async (verb: Write["verb"], object: KubernetesObject, dryRun = false) => {
    const entry = { verb, name: `${object.kind}/${object.metadata.name}`, dryRun };
    writes.push(entry);
    await null;
    for (const hook of hooks) hook(object, entry);
    if (!dryRun) done.push(entry.name);
  };
  const selects = (type: ResourceType, options: Parameters<Client["list"]>[1] = {}) => {
    const requirements = parseSelector(options.labelSelector ?? "");
    const named = /^metadata\.name=(.*)$/.exec(options.fieldSelector ?? "")?.[1];
    return (object: KubernetesObject) =>
      object.kind === type.kind &&
      (!options.namespace || object.metadata.namespace === options.namespace) &&
      (named === undefined || object.metadata.name === named) &&
      matchesRequirements(requirements, object.metadata.labels);
  };

  const formFor =
    (options: Parameters<Client["list"]>[1]) =>
    (object: KubernetesObject): KubernetesObject => {
      const { apiVersion, kind, metadata } = object;
      return options?.metadataOnly ? { apiVersion, kind, metadata } : object;
    };

  /** Leases are kept like all objects, with their versions checked, and are no writes of the release. */
  const putLease = (lease: KubernetesObject) => {
    const stored = objects.get(keyOf("Lease", lease.metadata));
    if (stored?.metadata.resourceVersion !== lease.metadata.resourceVersion) {
      throw refusal(409, "the object has been modified", "Conflict");
    }
    return store(lease);
  };

  const client: Client = {
    async get(type, ref) {
      const object = objects.get(keyOf(type.kind, ref));
      if (!object) throw refusal(404, `${type.resource} "${ref.name}" not found`, "NotFound");
      return object;
    },
    async list(type, options) {
      const items = [...objects.values()].filter(selects(type, options));
      return { items: items.map(formFor(options)), resourceVersion: `${version}` };
    },
    async *watch(type, options) {
      const wanted = selects(type, options);
      const queue: WatchEvent[] = [];
      let wake = () => {};
      const watcher = (event: WatchEvent) => {
        if (!wanted(event.object)) return;
        queue.push(event);
        wake();
      };
      watchers.add(watcher);
      options.signal?.addEventListener("abort", () => wake());
      while (!options.signal?.aborted) {
        const event = queue.shift();
        if (event) yield { ...event, object: formFor(options)(event.object) };
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
      watchers.delete(watcher);
    },
    async serves(type) {
      if (!discovers) return false;
      const definition = objects.get(
        keyOf("CustomResourceDefinition", { name: `${type.resource}.${type.group}` }),
      );
      return definition !== undefined && readinessOf(definition, { now: 0, since: 0 }).state === "ready";
    },
    async apply(_type, object, options) {
      await write("apply", object, options.dryRun);
      if (options.dryRun) return object;
      const old = objects.get(keyOf(object.kind, object.metadata));
      return store({ ...old, ...object, metadata: { ...old?.metadata, ...object.metadata } });
    },
    async create(_type, object, options) {
      if (object.kind === "Lease") return putLease(object);
      await write("create", object, options?.dryRun);
      return options?.dryRun ? object : store(object);
    },
    async delete(type, ref) {
      const object = objects.get(keyOf(type.kind, ref));
      if (!object) throw refusal(404, `${type.resource} "${ref.name}" not found`, "NotFound");
      if (object.kind !== "Lease") await write("delete", object);
      if (object.metadata.finalizers?.length) {
        return store({
          ...object,
          metadata: { ...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
        });
      }
      objects.delete(keyOf(type.kind, ref));
      tell({
        type: "DELETED",
        object: { ...object, metadata: { ...object.metadata, resourceVersion: `${++version}` } },
      });
      return object;
    },
    async update(_type, object) {
      assert.equal(object.kind, "Lease", "deploy updates nothing but its lock");
      return putLease(object);
    },
    patch: () => Promise.reject(new Error("not used by deploy")),
  };
  return {
    client,
    writes,
    objects,
    accepted: () => done,
    onWrite: (hook) => hooks.push(hook),
    put: store,
    remove(kind, ref) {
      const object = objects.get(keyOf(kind, ref));
      objects.delete(keyOf(kind, ref));
      if (object) tell({ type: "DELETED", object });
    },
    serve(lists) {
      discovers = lists;
    },
    find: (kind, ref) => objects.get(keyOf(kind, ref)),
  };
}
