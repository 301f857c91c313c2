import type { Clock } from "@slipway/kubernetes";
import { type Bound, createBound } from "./bound.ts";

/** Lets a bounded number of writes through at a time, the most urgent first. */
export interface Gate {
  /** Runs `work` when there is room. Rejects with the signal's reason if that aborts while it queues. */
  pass<T>(urgency: number, work: () => Promise<T>): Promise<T>;
  /**
   * The same for work that keeps the server busy for long. It gets at most half of the room, and how long it takes
   * does not narrow the rest; but one such work is always under way while any queues.
   */
  passSlowly<T>(urgency: number, work: () => Promise<T>): Promise<T>;
  /** The server asked for less: the bound is halved, and grows again with every round that goes well. */
  ease(): void;
  /** The bound as it is now. */
  readonly limit: number;
}

interface Waiter {
  readonly urgency: number;
  readonly order: number;
  readonly enter: () => void;
  readonly leave: (reason: unknown) => void;
}

/** Those who take one of the two ways: who queues, the most urgent first, and how many are through. */
interface Way {
  readonly bound: Bound;
  readonly queue: Waiter[];
  inside: number;
}

/** A gate for at most `most` at a time. */
export function createGate(options: {
  readonly most: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Gate {
  const { most, clock, signal } = options;
  const quick: Way = { bound: createBound(most), queue: [], inside: 0 };
  const slow: Way = { bound: createBound(Math.ceil(most / 2)), queue: [], inside: 0 };
  let order = 0;

  signal.addEventListener(
    "abort",
    () => {
      for (const { queue } of [quick, slow])
        for (const waiter of queue.splice(0)) waiter.leave(signal.reason);
    },
    { once: true },
  );

  /** The way whose first is the next to enter; undefined when nobody may. */
  const next = (): Way | undefined => {
    const limit = quick.bound.limit;
    if (quick.inside + slow.inside >= limit) return undefined;
    const [hurried] = quick.queue;
    const [patient] = slow.inside < slow.bound.limit ? slow.queue : [];
    if (!hurried || !patient) return patient ? slow : hurried && quick;
    if (slow.inside === 0 && limit > 1) return slow;
    return patient.urgency > hurried.urgency ? slow : quick;
  };
  const admit = () => {
    for (let way = next(); way; way = next()) {
      way.inside += 1;
      way.queue.shift()?.enter();
    }
  };

  const pass = async <T>(way: Way, urgency: number, work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw signal.reason;
    await new Promise<void>((enter, leave) => {
      insert(way.queue, { urgency, order: order++, enter, leave });
      // Later, so that of many who come at once the most urgent is the first inside.
      queueMicrotask(admit);
    });
    const started = clock.now();
    try {
      signal.throwIfAborted();
      const result = await work();
      way.bound.learn(clock.now() - started);
      return result;
    } finally {
      way.inside -= 1;
      admit();
    }
  };

  return {
    pass: (urgency, work) => pass(quick, urgency, work),
    passSlowly: (urgency, work) => pass(slow, urgency, work),
    ease: () => quick.bound.ease(),
    get limit() {
      return quick.bound.limit;
    },
  };
}

/** Keeps the queue ordered: most urgent first, then who came first. */
function insert(queue: Waiter[], waiter: Waiter): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = queue[middle];
    if (other && other.urgency >= waiter.urgency) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, waiter);
}
