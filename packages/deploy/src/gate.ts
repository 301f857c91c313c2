import type { Clock } from "@slipway/kubernetes";

/** Lets a bounded number of writes through at a time, the most urgent first. */
export interface Gate {
  /** Runs `work` when there is room. Rejects with the signal's reason if that aborts while it queues. */
  pass<T>(urgency: number, work: () => Promise<T>): Promise<T>;
  /** The same for work known to be slow: how long it takes does not change the bound. */
  passSlowly<T>(urgency: number, work: () => Promise<T>): Promise<T>;
  /** The server asked for less: the bound is halved, and grows again with every round that goes well. */
  ease(): void;
  /** The bound as it is now. */
  readonly limit: number;
}

/** When writes take this long on average, more of them at once only wait longer in the server. */
const slowMs = 5_000;

interface Waiter {
  readonly urgency: number;
  readonly order: number;
  readonly enter: () => void;
  readonly leave: (reason: unknown) => void;
}

/**
 * A gate for at most `most` at a time: additive increase, multiplicative decrease, as TCP shares a line.
 * It also halves when the average answer takes longer than five seconds.
 */
export function createGate(options: {
  readonly most: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Gate {
  const { most, clock, signal } = options;
  const queue: Waiter[] = [];
  let limit = most;
  let inside = 0;
  let order = 0;
  let goneWell = 0;
  let average = 0;

  signal.addEventListener(
    "abort",
    () => {
      for (const waiter of queue.splice(0)) waiter.leave(signal.reason);
    },
    { once: true },
  );

  const ease = () => {
    limit = Math.max(1, Math.floor(limit / 2));
    goneWell = 0;
  };
  const admit = () => {
    while (inside < limit) {
      const next = queue.shift();
      if (!next) return;
      inside += 1;
      next.enter();
    }
  };
  const learn = (ms: number) => {
    average = average * 0.8 + ms * 0.2;
    goneWell += 1;
    if (average > slowMs) {
      ease();
      average = 0;
    } else if (goneWell >= limit && limit < most) {
      limit += 1;
      goneWell = 0;
    }
  };

  const pass = async <T>(
    urgency: number,
    work: () => Promise<T>,
    ended: (ms: number) => void,
  ): Promise<T> => {
    if (signal.aborted) throw signal.reason;
    await new Promise<void>((enter, leave) => {
      insert(queue, { urgency, order: order++, enter, leave });
      // Later, so that of many who come at once the most urgent is the first inside.
      queueMicrotask(admit);
    });
    const started = clock.now();
    try {
      signal.throwIfAborted();
      const result = await work();
      ended(clock.now() - started);
      return result;
    } finally {
      inside -= 1;
      admit();
    }
  };

  return {
    pass: (urgency, work) => pass(urgency, work, learn),
    passSlowly: (urgency, work) => pass(urgency, work, () => {}),
    ease,
    get limit() {
      return limit;
    },
  };
}

/** A narrower way to a gate, for slow work: whoever takes it counts for both, so others still find room in the wide one. */
export function narrowGate(wide: Gate, narrow: Gate): Gate {
  return {
    pass: (urgency, work) => narrow.pass(urgency, () => wide.passSlowly(urgency, work)),
    passSlowly: (urgency, work) => narrow.passSlowly(urgency, () => wide.passSlowly(urgency, work)),
    ease: wide.ease,
    get limit() {
      return Math.min(wide.limit, narrow.limit);
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
