// A controller: caches that say which keys to look at, a queue, and a function that brings one key in order.
import { ApiError, ConnectionError, type KubernetesObject } from "@slipway/kubernetes";
import type { Cache, Change } from "./cache.ts";
import type { Environment } from "./environment.ts";
import { createEventRecorder, type RecordEvent } from "./events.ts";
import { createWorkQueue } from "./work-queue.ts";
import { createWriter, type Writer } from "./writer.ts";

/** What a running controller works with. */
export interface ControllerTools {
  readonly write: Writer;
  readonly record: RecordEvent;
  /** Has a key looked at, now or `ms` from now. */
  readonly enqueue: (key: string, ms?: number) => void;
}

/** What makes a controller. */
export interface ControllerDefinition {
  /** As events and audit logs name it: `replicaset-controller`. */
  readonly name: string;
  /** The owner of the fields that it writes; controllers of the controller manager share one. */
  readonly manager?: string;
  readonly workers?: number;
  /** Brings the object of that key in order; rejects to be called again after a back-off. */
  readonly reconcile: (key: string, tools: ControllerTools) => Promise<void>;
}

/** Starts a controller and returns what feeds it. */
export function runController(
  environment: Environment,
  { name, manager = "kube-controller-manager", workers = 5, reconcile }: ControllerDefinition,
): ControllerTools & { readonly watch: typeof watch } {
  const { clock, signal, caches } = environment;
  const write = createWriter(environment, { caches, manager });
  const record = createEventRecorder(environment, name);
  const queue = createWorkQueue({
    clock,
    signal,
    workers,
    async work(key) {
      await caches.synced();
      await write.observed();
      await reconcile(key, tools);
    },
    onError(error) {
      // A refusal is an answer and is tried again; anything else is a mistake in the controller.
      if (!(error instanceof ApiError) && !(error instanceof ConnectionError)) throw error;
    },
  });
  const tools: ControllerTools = {
    write,
    record,
    enqueue: (key, ms = 0) => queue.addAfter(key, ms),
  };

  /** Queues, for every change in the cache, the keys that it concerns. */
  function watch<T extends KubernetesObject>(
    cache: Cache<T>,
    keysOf: (object: T, change: Change<T>) => readonly string[],
  ): void {
    cache.onChange((change) => {
      for (const key of keysOf(change.object, change)) queue.add(key);
      if (change.type === "updated") for (const key of keysOf(change.old, change)) queue.add(key);
    });
  }

  return { ...tools, watch };
}
