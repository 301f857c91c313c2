// Many creations of the same kind, carefully at first.

/** How a batch of creations ended. */
export interface BatchOutcome {
  readonly succeeded: number;
  /** The first refusal, when there was one. */
  readonly error: unknown;
}

/**
 * Calls `create` `count` times in groups of 1, 2, 4 …, and stops after the first group in which one failed, so
 * that a quota or a webhook that refuses everything is not asked for everything (controllers' slowStartBatch).
 */
export async function startSlowly(
  count: number,
  create: (index: number) => Promise<void>,
): Promise<BatchOutcome> {
  let started = 0;
  let succeeded = 0;
  for (let size = 1; started < count; size = Math.min(2 * size, count - started)) {
    const first = started;
    const group = Array.from({ length: Math.min(size, count - started) }, (_, offset) =>
      create(first + offset),
    );
    started += group.length;
    const results = await Promise.allSettled(group);
    const refused = results.find((result) => result.status === "rejected");
    succeeded += results.filter((result) => result.status === "fulfilled").length;
    if (refused) return { succeeded, error: refused.reason };
  }
  return { succeeded, error: undefined };
}
