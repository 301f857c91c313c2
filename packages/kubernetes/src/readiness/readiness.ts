import type { KubernetesObject } from "../object.ts";

/** Whether an object does what it is for. */
export interface Readiness {
  /**
   * - `ready`: nothing is outstanding;
   * - `pending`: its controller is at work, or has not begun;
   * - `failed`: its controller says that it will not get there by itself;
   * - `terminating`: it is being deleted.
   */
  readonly state: "ready" | "pending" | "failed" | "terminating";
  /** A short clause for people: "2 of 3 replicas are available". */
  readonly message: string;
  /** Only when pending: taken as ready from this time on (ms since the epoch) if nothing changes until then. */
  readonly readyAt?: number;
}

/** What a rule may know beside the object itself. */
export interface ReadinessContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A controller is meant to write this kind's status (from its CustomResourceDefinition). */
  readonly expectsStatus?: boolean;
  /** Since when the object has stood as it is; grace periods count from here. Its creation when absent. */
  readonly since?: number;
  /** The StorageClass of that name, or the default one; `undefined` when there is none or it is not known. */
  readonly storageClass?: (name: string | undefined) => KubernetesObject | undefined;
}

/** How one kind tells that it is ready; deletion, generations and `Stalled` are looked at before it is asked. */
export type ReadinessRule = (object: KubernetesObject, context: ReadinessContext) => Readiness;

/** How long a controller that may never write anything is given to write something. */
export const graceMs = 15_000;

/** Nothing is outstanding. */
export function ready(message: string): Readiness {
  return { state: "ready", message };
}

/** Not yet. */
export function pending(message: string): Readiness {
  return { state: "pending", message };
}

/** Not without help. */
export function failed(message: string): Readiness {
  return { state: "failed", message };
}

/** Not yet, but taken as ready when the grace period is over. */
export function pendingForGrace(
  object: KubernetesObject,
  context: ReadinessContext,
  message: string,
): Readiness {
  const since = context.since ?? Date.parse(object.metadata.creationTimestamp ?? "");
  const readyAt = (Number.isNaN(since) ? context.now : since) + graceMs;
  if (context.now >= readyAt)
    return ready(`${message}; none came in ${graceMs / 1000} s, so none is expected`);
  return { state: "pending", message, readyAt };
}
