// A clock that jumps to the next timer when everything waits.
import type { Clock } from "@slipway/kubernetes";

/** A {@link Clock} whose time moves only by jumping from timer to timer. */
export interface VirtualClock extends Clock {
  /** How many timers wait. */
  readonly waiting: number;
  /** How many jumps were made. */
  readonly jumps: number;
  /**
   * From now on, time jumps at most `ms` ahead of the last {@link Clock.hold}; further on it passes as real time
   * does. For a cluster that is served to others: without it, something that happens every hour would happen
   * thousands of times a second while nobody asks.
   */
  leash(ms: number): void;
  /** Drops every timer, for good: what sleeps never wakes, and the process may end. */
  stop(): void;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/**
 * Turns of the event loop without anything new before the clock jumps. Promises alone would need one; the
 * others let a stream or a socket, which lives on the loop and not on microtasks, declare its work first.
 */
const QUIET_TURNS = 3;
/** What `setTimeout` can take. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Starts a clock at `start` (milliseconds since the epoch). When no promise is left to run, no {@link
 * Clock.hold} is open and a timer waits, time becomes that timer's; timers of one instant run in the order in
 * which they were set. While nothing is scheduled the clock does nothing and keeps nothing alive.
 */
export function createVirtualClock({ start = 0 }: { readonly start?: number } = {}): VirtualClock {
  const timers = createTimerQueue();
  let now = start;
  let order = 0;
  let holds = 0;
  let jumps = 0;
  let activity = 0;
  let watching = false;
  let stopped = false;
  let length = Number.POSITIVE_INFINITY;
  let heldAt = start;
  /** Set while time passes as real time does. */
  let pace: { end(): void } | undefined;

  /** Looks at every turn of the event loop whether anything happened, for as long as there is a reason to. */
  function watchForQuiet(): void {
    endPace();
    if (watching || holds > 0 || timers.size() === 0) return;
    watching = true;
    let seen = activity;
    let quiet = 0;
    const turn = (): void => {
      if (holds > 0 || timers.size() === 0) {
        watching = false;
        return;
      }
      quiet = seen === activity ? quiet + 1 : 0;
      if (quiet >= QUIET_TURNS) {
        const ahead = timers.peek();
        if (ahead && ahead.at > heldAt + length) {
          watching = false;
          waitFor(ahead.at);
          return;
        }
        jump();
        quiet = 0;
      }
      seen = activity;
      setImmediate(turn);
    };
    setImmediate(turn);
  }

  /** Lets real time pass until a timer that is too far ahead to jump to; a hold makes it near again. */
  function waitFor(at: number): void {
    const wait = Math.min(at - now, LONGEST_TIMEOUT_MS);
    const until = now + wait;
    const began = performance.now();
    const from = now;
    const timeout = setTimeout(() => {
      pace = undefined;
      now = Math.max(now, until);
      if (until === at) jump();
      watchForQuiet();
    }, wait);
    pace = {
      end() {
        clearTimeout(timeout);
        now = Math.max(now, Math.min(until, Math.floor(from + performance.now() - began)));
      },
    };
  }

  function endPace(): void {
    pace?.end();
    pace = undefined;
  }

  function jump(): void {
    const due = timers.peek();
    if (due === undefined) return;
    now = Math.max(now, due.at);
    jumps += 1;
    const newest = order;
    for (let next = timers.peek(); next && next.at <= now && next.order <= newest; next = timers.peek()) {
      timers.pop();
      const callback = next.callback;
      next.callback = undefined;
      callback?.();
    }
  }

  function schedule(ms: number, callback: () => void): () => void {
    if (stopped) return () => {};
    endPace();
    activity += 1;
    order += 1;
    const timer: Timer = { at: now + Math.max(0, ms), order, callback };
    timers.push(timer);
    watchForQuiet();
    return () => {
      if (timer.callback === undefined) return;
      timer.callback = undefined;
      timers.cancelled();
    };
  }

  return {
    now: () => now,
    schedule,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = schedule(ms, () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        });
        signal?.addEventListener("abort", abort, { once: true });
      });
    },
    hold(work) {
      endPace();
      holds += 1;
      activity += 1;
      heldAt = now;
      const release = () => {
        holds -= 1;
        activity += 1;
        heldAt = now;
        watchForQuiet();
      };
      work.then(release, release);
      return work;
    },
    get waiting() {
      return timers.size();
    },
    get jumps() {
      return jumps;
    },
    leash(ms) {
      length = ms;
      heldAt = now;
    },
    stop() {
      stopped = true;
      endPace();
      timers.clear();
    },
  };
}

/** A binary heap by time and then by order of setting; cancelled timers are dropped when they come to the top. */
function createTimerQueue() {
  let heap: Timer[] = [];
  let live = 0;
  const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  function removeTop(): Timer | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const right = child + 1;
      if (child >= heap.length) break;
      if (right < heap.length && before(heap[right] as Timer, heap[child] as Timer)) child = right;
      const other = heap[child] as Timer;
      if (!before(other, last)) break;
      heap[index] = other;
      index = child;
    }
    heap[index] = last;
    return top;
  }

  return {
    size: () => live,
    push(timer: Timer): void {
      live += 1;
      let index = heap.push(timer) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        const other = heap[parent] as Timer;
        if (!before(timer, other)) break;
        heap[index] = other;
        index = parent;
      }
      heap[index] = timer;
    },
    peek(): Timer | undefined {
      while (heap[0] && heap[0].callback === undefined) removeTop();
      return heap[0];
    },
    pop(): void {
      removeTop();
      live -= 1;
    },
    cancelled(): void {
      live -= 1;
    },
    clear(): void {
      heap = [];
      live = 0;
    },
  };
}
