// Sequences on two servers, and where their answers differ.
import { compareObservations } from "../../scenarios/runner/compare.ts";
import { runScenario, type Server } from "../../scenarios/runner/run-scenario.ts";
import type { Scenario } from "../../scenarios/runner/scenario.ts";
import { drawSequence } from "./draw-sequence.ts";
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

/** Runs the sequences of `count` seeds from `first` on, one after another, each on both servers at once. */
export async function* compareSequences(
  pair: Pair,
  { pool, first, count }: { pool: Pool; first: number; count: number },
): AsyncGenerator<SequenceOutcome> {
  for (let seed = first; seed < first + count; seed++) {
    const sequence = drawSequence(seed, pool);
    yield { seed, sequence, differences: await compareOne(pair, sequence) };
  }
}

/** The differences of one sequence, in a new namespace on both servers. */
export async function compareOne(pair: Pair, sequence: Scenario): Promise<string[]> {
  // Names of one length, so that no text is longer on one server than on the other.
  const namespace = `sequence-${String(pair.used++).padStart(5, "0")}`;
  const run = (server: Server) => runScenario(sequence, { server, namespace, every: true });
  const [ours, theirs] = await Promise.all([run(pair.embedded), run(pair.real)]);
  return compareObservations(theirs, ours);
}
