// Sequences on two servers, and where their answers differ.
import type { JsonObject } from "@slipway/yaml";
import { compareObservations } from "../../scenarios/runner/compare.ts";
import { runScenario, type Server } from "../../scenarios/runner/run-scenario.ts";
import type { Scenario } from "../../scenarios/runner/scenario.ts";
import { comparable } from "./comparable.ts";
import { drawSequence } from "./draw-sequence.ts";
import { startBareEmbedded, startBareReal } from "./servers.ts";
import type { Pool } from "./templates.ts";

/** What came of one sequence. */
export interface SequenceOutcome {
  readonly seed: number;
  readonly sequence: Scenario;
  /** One line for each place that differs; none when the servers agree. */
  readonly differences: readonly string[];
}

/** Two servers and the number of namespaces that were made on them. */
export interface Pair {
  readonly embedded: Server;
  readonly real: Server;
  used: number;
}

/** How many sequences run at a time: most of one is waiting. */
const parallel = 6;

/**
 * Runs the sequences of some seeds, each on both servers at once, and gives what came of them in the order of the
 * seeds. One that differs beside others runs again when they are done: what a busy server's caches have not yet seen
 * is no difference.
 */
export async function* compareSequences(
  pair: Pair,
  { pool, seeds }: { pool: Pool; seeds: Iterable<number> },
): AsyncGenerator<SequenceOutcome> {
  const compareSeed = async (seed: number): Promise<SequenceOutcome> => {
    const sequence = drawSequence(seed, pool);
    return { seed, sequence, differences: await compareOne(pair, sequence) };
  };
  const running: Promise<SequenceOutcome>[] = [];
  const next = async (): Promise<SequenceOutcome> => {
    const outcome = (await running.shift()) as SequenceOutcome;
    if (outcome.differences.length === 0) return outcome;
    await Promise.allSettled(running);
    return compareSeed(outcome.seed);
  };
  for (const seed of seeds) {
    running.push(compareSeed(seed));
    if (running.length >= parallel) yield await next();
  }
  while (running.length > 0) yield await next();
}

/** The differences of one sequence, in a new namespace on both servers. */
export async function compareOne(pair: Pair, sequence: Scenario): Promise<string[]> {
  const namespace = namespaceOf(pair);
  const run = async (server: Server): Promise<JsonObject[]> => {
    try {
      return await runScenario(sequence, { server, namespace, every: true });
    } catch (error) {
      return [{ failed: error instanceof Error ? error.message : String(error) }];
    }
  };
  const [ours, theirs] = await Promise.all([run(pair.embedded), run(pair.real)]);
  return compareObservations(theirs.map(comparable), ours.map(comparable));
}

/** A name that no sequence had; all are of one length, so that no text is longer on one server than on another. */
export function namespaceOf(pair: Pair): string {
  return `sequence-${String(pair.used++).padStart(5, "0")}`;
}

/** Numbers one after another. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** A pair of API servers alone, for as long as `use` runs; both are stopped however it ends. */
export async function withPair<T>(pool: Pool, use: (pair: Pair) => Promise<T>): Promise<T> {
  const embedded = await startBareEmbedded(pool.definitions);
  try {
    const real = await startBareReal(pool.definitions);
    try {
      return await use({ embedded, real, used: 0 });
    } finally {
      await real.stop();
    }
  } finally {
    await embedded.stop();
  }
}
