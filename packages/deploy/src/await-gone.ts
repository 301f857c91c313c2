import {
  type Client,
  type Clock,
  createInformer,
  isApiError,
  type KubernetesObject,
  type ListOptions,
  type ObjectMeta,
  type ResourceType,
} from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";

/** Objects of one resource that are to go, and how that is told. */
export interface AwaitGoneOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly type: ResourceType;
  /** Selects at least the objects that are waited for: one list and one watch serve all of them. */
  readonly selection: Pick<ListOptions, "namespace" | "labelSelector" | "fieldSelector">;
  readonly objects: readonly KubernetesObject[];
  /** So long without any of them going is too long. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onGone?: (object: KubernetesObject) => void;
  /** What holds one of them, each time that changes. */
  readonly onHeld?: (object: KubernetesObject, by: string) => void;
}

/**
 * Resolves when objects are gone, or others have their names: with those that stayed, and what holds each.
 * Rejects with the signal's reason.
 */
export function awaitGone(options: AwaitGoneOptions): Promise<ReadonlyMap<KubernetesObject, string>> {
  const { clock, signal } = options;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const left = new Map(options.objects.map((object) => [keyOf(object.metadata), object]));
  const held = new Map<KubernetesObject, string>();

  return new Promise((resolve, reject) => {
    let settled = false;
    let cancelTimeout = () => {};
    const settle = (finish: () => void) => {
      if (settled) return;
      settled = true;
      cancelTimeout();
      informer.stop();
      signal?.removeEventListener("abort", abort);
      finish();
    };
    /** What a listener throws is the caller's own error, not the watch's. */
    const tell = (listener: () => void) => {
      try {
        listener();
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const abort = () => settle(() => reject(signal?.reason));
    const allowTime = () => {
      cancelTimeout();
      cancelTimeout = clock.schedule(options.timeoutMs, () => {
        settle(() =>
          resolve(
            new Map([...left.values()].map((object) => [object, held.get(object) ?? "it is still there"])),
          ),
        );
      });
    };
    const gone = (key: string) => {
      const object = left.get(key);
      if (!object || !left.delete(key)) return;
      tell(() => options.onGone?.(object));
      if (left.size === 0) settle(() => resolve(new Map()));
      else allowTime();
    };
    const look = (now: KubernetesObject) => {
      const key = keyOf(now.metadata);
      const object = left.get(key);
      if (!object) return;
      if (object.metadata.uid !== now.metadata.uid) return gone(key);
      const by = whatHolds(now);
      if (held.get(object) === by) return;
      held.set(object, by);
      tell(() => options.onHeld?.(object, by));
    };
    const allGone = () => {
      for (const key of [...left.keys()]) gone(key);
    };
    const informer = createInformer({
      client: options.client,
      clock,
      type: options.type,
      ...options.selection,
      onChange: (change) => {
        if (settled) return;
        if (change.type === "deleted") gone(keyOf(change.object.metadata));
        else look(change.object);
      },
      // The definition, and with it the resource, may go while its last object is watched.
      onError: (error) => {
        if (isApiError(error, 404)) allGone();
      },
    });
    allowTime();
    signal?.addEventListener("abort", abort, { once: true });
    void informer.synced.then(() => {
      for (const [key, { metadata }] of [...left]) {
        if (!informer.get(metadata.name, metadata.namespace)) gone(key);
      }
    });
    if (left.size === 0) settle(() => resolve(new Map()));
  });
}

function keyOf({ name, namespace }: ObjectMeta): string {
  return `${namespace ?? ""}/${name}`;
}

/** Finalizers by name; of a namespace, what its own conditions say is left in it. */
function whatHolds(object: KubernetesObject): string {
  const status = isJsonObject(object.status) ? object.status : {};
  const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isJsonObject) : [];
  const said = conditions
    .filter(({ type, status: value }) => value === "True" && /Remaining$|Failure$/.test(String(type)))
    .map(({ message }) => String(message));
  if (said.length > 0) return said.join("; ");
  const { finalizers } = object.metadata;
  if (finalizers?.length) return `held by the finalizers ${finalizers.join(", ")}`;
  return object.metadata.deletionTimestamp ? "it is being deleted" : "its deletion has not begun";
}
