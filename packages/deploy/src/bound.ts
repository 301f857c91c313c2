/** How many may be under way at a time: additive increase, multiplicative decrease, as TCP shares a line. */
export interface Bound {
  readonly limit: number;
  /** One more went well, in so many milliseconds. Halves the bound when they take longer than five seconds on average. */
  learn(ms: number): void;
  /** Halves the bound. */
  ease(): void;
}

/** When writes take this long on average, more of them at once only wait longer in the server. */
const slowMs = 5_000;

/** A bound that begins at `most`, its upper end; the lower one is 1. */
export function createBound(most: number): Bound {
  let limit = most;
  let goneWell = 0;
  let average = 0;
  const ease = () => {
    limit = Math.max(1, Math.floor(limit / 2));
    goneWell = 0;
  };
  return {
    get limit() {
      return limit;
    },
    learn(ms) {
      average = average * 0.8 + ms * 0.2;
      goneWell += 1;
      if (average > slowMs) {
        ease();
        average = 0;
      } else if (goneWell >= limit && limit < most) {
        limit += 1;
        goneWell = 0;
      }
    },
    ease,
  };
}
