// `npm run conformance -- cluster [--scenarios DIR] [--only TEXT] [--recorded] [--sequences N --seed S]`: scenarios on
// the embedded cluster and on a real control plane, sequences of requests on the API servers alone, and where their
// answers differ. Without Go, or with --recorded, the answers recorded in the files stand for the real one and
// no sequence runs.
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { type JsonObject, ProblemError } from "@slipway/yaml";
import {
  type KubernetesMinor,
  kubernetesMinors,
  newestMinor,
  skipWithoutGo,
} from "../control-plane/build.ts";
import { compareObservations } from "../scenarios/runner/compare.ts";
import { loadScenarios, ownScenarios } from "../scenarios/runner/files.ts";
import { holdsFor, type Scenario } from "../scenarios/runner/scenario.ts";
import { runAgain, runAll, startEmbedded, startReal } from "../scenarios/runner/servers.ts";
import { compareSequences, seedsFrom, withPair } from "./fuzz-cluster/compare-sequences.ts";
import { loadPool } from "./fuzz-cluster/templates.ts";

/** Runs the command with what follows the word `cluster`; true when nothing differs but what is marked so. */
export async function compareClusters(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenarios: { type: "string", default: ownScenarios },
      only: { type: "string", default: "" },
      recorded: { type: "boolean", default: false },
      sequences: { type: "string", default: "2000" },
      seed: { type: "string", default: "1" },
    },
  });
  let scenarios: Scenario[];
  try {
    const all = loadScenarios(values.scenarios);
    scenarios = all.filter(({ file, name }) => `${file}: ${name}`.includes(values.only));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { position, message, sourceLine } = error.problem;
    console.log(
      `${position ? `${position.file}:${position.line}: ` : ""}${message}\n    ${sourceLine ?? ""}`,
    );
    return false;
  }
  const embedded = await startEmbedded();
  const ours = await runAll(scenarios, { server: embedded });
  await embedded.stop();
  const skip = values.recorded ? "asked for the recorded answers" : skipWithoutGo();
  if (skip) console.log(`no real control plane (${skip}): compared with the recorded answers`);
  const theirs = skip
    ? new Map(scenarios.map((one) => [one, one.steps.map(({ expect }) => expect ?? {})]))
    : await runOnReal(scenarios, (scenario) => ours.get(scenario) ?? []);

  let unexpected = skip ? 0 : await countOnOlder(scenarios);
  let agreeing = 0;
  for (const scenario of scenarios) {
    const differences = compareObservations(theirs.get(scenario) ?? [], ours.get(scenario) ?? []);
    const title = `${relative(values.scenarios, scenario.file)}: ${scenario.name}`;
    if (differences.length === 0) agreeing++;
    else if (scenario.embeddedDiffers !== undefined) {
      console.log(`differs on purpose  ${title}: ${scenario.embeddedDiffers}`);
    } else {
      unexpected++;
      console.log(`differs  ${title}\n    ${differences.join("\n    ")}`);
    }
  }
  const seeds = seedsFrom(Number(values.seed), Number(values.sequences));
  const sequences = skip ? { agreeing: 0, total: 0 } : await countSequences(seeds);
  console.log(
    `cluster scenarios: ${agreeing} of ${scenarios.length} agree; sequences: ${sequences.agreeing} of ${sequences.total} agree`,
  );
  return unexpected === 0 && sequences.agreeing === sequences.total;
}

async function countSequences(seeds: readonly number[]): Promise<{ agreeing: number; total: number }> {
  const pool = loadPool();
  return withPair(pool, async (pair) => {
    let agreeing = 0;
    for await (const { seed, differences } of compareSequences(pair, { pool, seeds })) {
      if (differences.length === 0) agreeing++;
      else console.log(`differs  sequence ${seed}\n    ${differences[0]}`);
    }
    return { agreeing, total: seeds.length };
  });
}

/** Runs the scenarios on the older control planes beside what is recorded; how many differ that are not marked. */
async function countOnOlder(scenarios: readonly Scenario[]): Promise<number> {
  let unexpected = 0;
  for (const minor of kubernetesMinors.filter((one) => one !== newestMinor)) {
    const expected = ({ steps }: Scenario) => steps.map(({ expect }) => expect ?? {});
    const observed = await runOnReal(scenarios, expected, minor);
    let agreeing = 0;
    for (const [scenario, answers] of observed) {
      const differences = compareObservations(expected(scenario), answers);
      const title = `${scenario.name}, on ${minor}`;
      if (differences.length === 0) agreeing++;
      else if (!holdsFor(scenario, minor))
        console.log(`differs before  ${title}: ${scenario.since?.difference}`);
      else {
        unexpected++;
        console.log(`differs  ${title}\n    ${differences.join("\n    ")}`);
      }
    }
    console.log(`on ${minor}: ${agreeing} of ${scenarios.length} agree with what ${newestMinor} answered`);
  }
  return unexpected;
}

async function runOnReal(
  scenarios: readonly Scenario[],
  expected: (scenario: Scenario) => readonly JsonObject[],
  minor: KubernetesMinor = newestMinor,
): ReturnType<typeof runAll> {
  const server = await startReal(minor);
  try {
    const observed = await runAll(scenarios, { server, parallel: 4 });
    return await runAgain(observed, { server, expected, unless: (one) => !holdsFor(one, minor) });
  } finally {
    await server.stop();
  }
}
