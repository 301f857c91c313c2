import type { Clock } from "@slipway/kubernetes";

/** A clock for tests that jumps to the next timer when nothing else is left to run. */
export function createTestClock(): Clock {
  const timers: { at: number; order: number; callback: () => void }[] = [];
  let now = 0;
  let order = 0;
  let turning = false;
  const turn = () => {
    timers.sort((a, b) => a.at - b.at || a.order - b.order);
    const next = timers.shift();
    if (next) {
      now = next.at;
      next.callback();
    }
    turning = timers.length > 0;
    if (turning) setImmediate(turn);
  };
  const schedule: Clock["schedule"] = (ms, callback) => {
    const timer = { at: now + ms, order: order++, callback };
    timers.push(timer);
    if (!turning) {
      turning = true;
      setImmediate(turn);
    }
    return () => {
      const at = timers.indexOf(timer);
      if (at >= 0) timers.splice(at, 1);
    };
  };
  return {
    now: () => now,
    schedule,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = schedule(ms, resolve);
        signal?.addEventListener("abort", () => {
          cancel();
          reject(signal.reason);
        });
      }),
    hold: (work) => work,
  };
}
