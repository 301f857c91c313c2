// A queue of keys in which each key waits once and is worked on by one worker at a time.
import type { Clock } from "@slipway/kubernetes";

/** What a queue does with a key. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Keys worked on at once. */
  readonly workers?: number;
  /** Rejects to have the key tried again later. */
  readonly work: (key: string) => Promise<void>;
  /** Hears of every failed try. */
  readonly onError: (error: unknown, key: string) => void;
}

/** Where a controller puts what it has to look at. */
export interface WorkQueue {
  add(key: string): void;
  /** Adds the key `ms` from now. */
  addAfter(key: string, ms: number): void;
}

const FIRST_BACKOFF_MS = 5;
const LONGEST_BACKOFF_MS = 1_000_000;

/**
 * As client-go's rate limited work queue: a key added while it is being worked on runs once more afterwards;
 * a failed key comes back after 5 ms, doubled with every failure up to 1000 s, and starts afresh when it
 * succeeds.
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, signal, work, onError, workers = 5 } = options;
  const waiting = new Set<string>();
  const working = new Set<string>();
  const again = new Set<string>();
  const failures = new Map<string, number>();
  const delayed = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  let pumping = false;

  signal.addEventListener("abort", () => {
    for (const { cancel } of delayed.values()) cancel();
    delayed.clear();
    waiting.clear();
  });

  function pump(): void {
    if (pumping) return;
    pumping = true;
    queueMicrotask(() => {
      pumping = false;
      for (const key of waiting) {
        if (working.size >= workers || signal.aborted) return;
        waiting.delete(key);
        void run(key);
      }
    });
  }

  async function run(key: string): Promise<void> {
    working.add(key);
    try {
      await work(key);
      failures.delete(key);
    } catch (error) {
      if (!signal.aborted) {
        const count = failures.get(key) ?? 0;
        failures.set(key, count + 1);
        addAfter(key, Math.min(FIRST_BACKOFF_MS * 2 ** count, LONGEST_BACKOFF_MS));
        onError(error, key);
      }
    } finally {
      working.delete(key);
      if (again.delete(key)) waiting.add(key);
      pump();
    }
  }

  function add(key: string): void {
    if (signal.aborted) return;
    if (working.has(key)) again.add(key);
    else {
      waiting.add(key);
      pump();
    }
  }

  function addAfter(key: string, ms: number): void {
    if (signal.aborted) return;
    if (ms <= 0) {
      add(key);
      return;
    }
    const at = clock.now() + ms;
    const earlier = delayed.get(key);
    if (earlier && earlier.at <= at) return;
    earlier?.cancel();
    const cancel = clock.schedule(ms, () => {
      delayed.delete(key);
      add(key);
    });
    delayed.set(key, { at, cancel });
  }

  return { add, addAfter };
}
