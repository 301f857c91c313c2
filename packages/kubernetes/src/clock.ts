/**
 * Time as a capability. Nothing in Slipway reads the system clock or sets a timer by itself: it is given a
 * clock, which on the embedded cluster is virtual and jumps to the next timer when everything waits.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `callback` once, `ms` from now, unless the returned function is called first. */
  schedule(ms: number, callback: () => void): () => void;
  /** Resolves `ms` from now; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Declares work that the clock cannot see (a file, a socket, a worker): a virtual clock does not jump until
   * it has settled. Returns the same promise.
   */
  hold<T>(work: Promise<T>): Promise<T>;
}

/** The longest that a timer of the machine can wait: some 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(ms, callback) {
    let timer: NodeJS.Timeout;
    const wait = (rest: number): void => {
      const step = Math.min(rest, LONGEST_TIMER_MS);
      timer = setTimeout(() => (rest > step ? wait(rest - step) : callback()), step);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = systemClock.schedule(ms, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  },
  hold: (work) => work,
};
