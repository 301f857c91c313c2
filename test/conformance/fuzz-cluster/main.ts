// Random sequences of requests on the embedded API server and on a real one.
import { parseArgs } from "node:util";
import { formatScenario } from "../../scenarios/runner/format.ts";
import { runScenario } from "../../scenarios/runner/run-scenario.ts";
import type { Scenario } from "../../scenarios/runner/scenario.ts";
import {
  compareOne,
  compareSequences,
  namespaceOf,
  type Pair,
  type SequenceOutcome,
  seedsFrom,
  withPair,
} from "./compare-sequences.ts";
import { sequenceLength } from "./draw-sequence.ts";
import { shrink } from "./shrink.ts";
import { sweep, sweepCases } from "./sweep.ts";
import { loadPool, ofKinds } from "./templates.ts";
import { selfContained, writeScenario } from "./write-scenario.ts";

const help = `npm run fuzz:cluster -- [--sequences N] [--seed S] [--kinds PATTERN] [--shrink] [--write DIR]
npm run fuzz:cluster -- --sweep create|update|apply [--kinds PATTERN] [--other-types]

Draws sequences of ${sequenceLength} requests and compares what the embedded API server and a real one answer.

  --sequences N   how many, one for each seed (200)
  --seed S        the first seed (1); the same seed and templates give the same sequence
  --kinds PATTERN only of kinds whose names match (a seed then draws another sequence)
  --shrink        prints each difference as the smallest scenario found that shows it
  --write DIR     adds that, with what the real server answers, to DIR/fuzz.yaml

  --sweep VERB    instead of sequences: changes one field after another of every template of a built-in
                  kind and sends each as a dry run
  --other-types   also gives fields values of other types

Exits with 1 when a sequence or a changed field differs.

  npm run fuzz:cluster -- --sequences 50 --seed 7000
  npm run fuzz:cluster -- --sequences 1 --seed 7012 --write /tmp/found
  npm run fuzz:cluster -- --kinds '^CustomResourceDefinition$'
  npm run fuzz:cluster -- --sweep create --kinds '^Pod$'
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h", default: false },
    sequences: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    kinds: { type: "string", default: "" },
    shrink: { type: "boolean", default: false },
    write: { type: "string" },
    sweep: { type: "string" },
    "other-types": { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const count = Number(values.sequences);
const seeds = seedsFrom(Number(values.seed), count);
const pool = ofKinds(loadPool(), new RegExp(values.kinds));
if (values.sweep !== undefined) process.exit((await sweepAll(values.sweep)) ? 0 : 1);
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

/** Prints what differs and how much agrees; true when all does. */
async function sweepAll(verb: string): Promise<boolean> {
  if (verb !== "create" && verb !== "update" && verb !== "apply") {
    console.error(`--sweep ${verb}: one of create, update and apply is meant`);
    return false;
  }
  const cases = sweepCases(pool, { otherTypes: values["other-types"] });
  const differing = await withPair(pool, async (pair) => {
    let found = 0;
    for await (const difference of sweep(pair, cases, verb)) {
      found++;
      console.log(difference);
    }
    return found;
  });
  console.log(`changed fields: ${cases.length - differing} of ${cases.length} agree`);
  return differing === 0;
}

async function report(
  pair: Pair,
  { seed, sequence, differences }: SequenceOutcome,
  first: string,
): Promise<void> {
  console.log(`sequence ${seed}: ${differences.length} differences, the first at ${first}`);
  if (!values.shrink && !values.write) return;
  const small = await shrink(sequence, async (candidate) => (await compareOne(pair, candidate)).length > 0);
  console.log(`${formatScenario(small)}\n${(await compareOne(pair, small)).join("\n")}\n`);
  if (values.write) await write(pair, small, values.write);
}

/** Adds a difference, with what the real server answers to it, to the scenario file in a folder. */
async function write(pair: Pair, small: Scenario, folder: string): Promise<void> {
  const scenario = selfContained(small, pool.definitions);
  if (!scenario) return console.log("not written: the definition of its kind is too long for a scenario\n");
  const server = { ...pair.real, definitions: [] };
  const observations = await runScenario(scenario, { server, namespace: namespaceOf(pair) });
  console.log(`written to ${writeScenario(folder, scenario, observations)}\n`);
}
