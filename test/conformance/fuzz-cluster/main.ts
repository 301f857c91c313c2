// Random sequences of requests on the embedded API server and on a real one.
// npm run fuzz:cluster -- [--sequences N] [--seed S] [--shrink] [--keep FILE]
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatScenario } from "../../scenarios/runner/format.ts";
import {
  compareOne,
  compareSequences,
  type Pair,
  type SequenceOutcome,
  seedsFrom,
  withPair,
} from "./compare-sequences.ts";
import { shrink } from "./shrink.ts";
import { loadPool } from "./templates.ts";

const { values } = parseArgs({
  options: {
    sequences: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    shrink: { type: "boolean", default: false },
    keep: { type: "string" },
  },
});
const count = Number(values.sequences);
const seeds = seedsFrom(Number(values.seed), count);
const pool = loadPool();
const agreeing = await withPair(pool, async (pair) => {
  let found = 0;
  for await (const outcome of compareSequences(pair, { pool, seeds })) {
    const [first] = outcome.differences;
    if (first === undefined) found++;
    else await report(pair, outcome, first);
  }
  return found;
});
console.log(`sequences: ${agreeing} of ${count} agree`);
process.exit(agreeing === count ? 0 : 1);

async function report(
  pair: Pair,
  { seed, sequence, differences }: SequenceOutcome,
  first: string,
): Promise<void> {
  console.log(`sequence ${seed}: ${differences.length} differences, the first at ${first}`);
  if (!values.shrink) return;
  const small = await shrink(sequence, async (candidate) => (await compareOne(pair, candidate)).length > 0);
  const text = formatScenario(small);
  console.log(`${text}\n${(await compareOne(pair, small)).join("\n")}\n`);
  if (values.keep) appendFileSync(values.keep, `${text}\n`);
}
