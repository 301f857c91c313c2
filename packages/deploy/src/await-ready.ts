import { type Clock, formatDuration, type KubernetesObject, type Readiness } from "@slipway/kubernetes";
import { NodeFailure } from "./failure.ts";
import type { ObjectListener } from "./watches.ts";

/** A controller may call something failed and still get there; only what stays failed for so long is final. */
const failureGraceMs = 10_000;

/** What is waited for, and how the waiting is told. */
export interface AwaitReadyOptions {
  readonly name: string;
  /** The answer to the write: what is older is not looked at. */
  readonly applied: KubernetesObject;
  readonly follow: (listener: ObjectListener) => () => void;
  readonly clock: Clock;
  /** What an object says about itself; `since` is when the waiting began (ms since the epoch). */
  readonly evaluate: (object: KubernetesObject, since: number) => Readiness;
  /** When it must be ready (ms since the epoch), and how long that was from its beginning. */
  readonly deadline: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Each time what the object says about itself changes. */
  readonly onMessage: (message: string) => void;
}

/**
 * Resolves when an applied object is ready. Rejects with NodeFailure when it stays failed, is deleted, or is
 * not ready in time, and with the signal's reason when that aborts.
 */
export function awaitReady(options: AwaitReadyOptions): Promise<void> {
  const { applied, clock, name, signal } = options;
  const since = clock.now();
  const evaluate = (object: KubernetesObject): Readiness => options.evaluate(object, since);
  const first = evaluate(applied);
  if (first.state === "ready") return Promise.resolve();

  return new Promise((resolve, reject) => {
    let latest = applied;
    let message = "";
    let cancelFailure: (() => void) | undefined;
    let cancelRecheck: (() => void) | undefined;
    let unfollow = () => {};
    let settled = false;

    const settle = (finish: () => void) => {
      if (settled) return;
      settled = true;
      unfollow();
      cancelTimeout();
      cancelFailure?.();
      cancelRecheck?.();
      signal.removeEventListener("abort", abort);
      finish();
    };
    const fail = (code: string, text: string) =>
      settle(() =>
        reject(
          new NodeFailure({
            code: `deploy/${code}`,
            message: text,
            object: name,
            next: `kubectl describe ${describeArguments(applied)}`,
          }),
        ),
      );
    const abort = () => settle(() => reject(signal.reason));
    const judge = (readiness: Readiness) => {
      cancelRecheck?.();
      cancelRecheck = undefined;
      if (readiness.state === "ready") return settle(resolve);
      if (readiness.message !== message) {
        message = readiness.message;
        options.onMessage(message);
      }
      if (readiness.state === "failed") {
        cancelFailure ??= clock.schedule(failureGraceMs, () => fail("failed", `${name} failed: ${message}`));
        return;
      }
      cancelFailure?.();
      cancelFailure = undefined;
      if (readiness.readyAt !== undefined) {
        cancelRecheck = clock.schedule(readiness.readyAt - clock.now(), () => judge(evaluate(latest)));
      }
    };
    const look: ObjectListener = (object) => {
      if (settled) return;
      if (!object) {
        // A Job with a time to live is deleted when it is done.
        if (hasTimeToLive(latest)) return settle(resolve);
        return fail("deleted", `${name} was deleted while it was waited for`);
      }
      if (isOlder(object, applied)) return;
      latest = object;
      judge(evaluate(object));
    };
    const cancelTimeout = clock.schedule(options.deadline - clock.now(), () =>
      fail("timeout", `${name} is not ready after ${formatDuration(options.timeoutMs)}: ${message}`),
    );
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    judge(first);
    if (settled) return;
    const end = options.follow(look);
    if (settled) end();
    else unfollow = end;
  });
}

/** Resource versions of one resource can be compared as numbers (KEP-5504); generations where they are none. */
function isOlder(object: KubernetesObject, applied: KubernetesObject): boolean {
  const seen = Number(object.metadata.resourceVersion);
  const written = Number(applied.metadata.resourceVersion);
  if (Number.isFinite(seen) && Number.isFinite(written)) return seen < written;
  return (object.metadata.generation ?? 0) < (applied.metadata.generation ?? 0);
}

function hasTimeToLive(object: KubernetesObject): boolean {
  const spec = object.spec as { ttlSecondsAfterFinished?: unknown } | undefined;
  return object.kind === "Job" && typeof spec?.ttlSecondsAfterFinished === "number";
}

function describeArguments({ kind, metadata }: KubernetesObject): string {
  const namespace = metadata.namespace ? ` -n ${metadata.namespace}` : "";
  return `${kind.toLowerCase()} ${metadata.name}${namespace}`;
}
