import { type Clock, formatDuration, type ObjectIdentity, type ResourceMapper } from "@slipway/kubernetes";
import { NodeFailure } from "./failure.ts";
import type { Watches } from "./watches.ts";

/** Resolves when a thing that a controller makes exists. Rejects with NodeFailure when that takes too long. */
export function awaitCreated(options: {
  readonly id: ObjectIdentity;
  readonly name: string;
  /** Who makes it, as people name it. */
  readonly by: string;
  readonly watches: Watches;
  readonly mapper: ResourceMapper;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { id, name, clock, signal } = options;
  const type = options.mapper.find(id.group, id.kind);
  if (!type) throw new Error(`${id.kind} is not mapped`);
  return new Promise((resolve, reject) => {
    const ends: (() => void)[] = [];
    let settled = false;
    const settle = (finish: () => void) => {
      settled = true;
      for (const end of ends.splice(0)) end();
      signal.removeEventListener("abort", abort);
      finish();
    };
    const abort = () => settle(() => reject(signal.reason));
    const giveUp = () =>
      settle(() =>
        reject(
          new NodeFailure({
            code: "deploy/not-created",
            message: `${name} is not there after ${formatDuration(options.timeoutMs)}; ${options.by} should have made it`,
            object: name,
          }),
        ),
      );
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    const ref = { name: id.name, ...(id.namespace ? { namespace: id.namespace } : {}) };
    ends.push(clock.schedule(options.timeoutMs, giveUp));
    const unfollow = options.watches.followOne(type, ref, (object) => {
      if (object && !settled) settle(resolve);
    });
    if (settled) unfollow();
    else ends.push(unfollow);
  });
}
