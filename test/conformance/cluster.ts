// `npm run conformance -- cluster [--scenarios DIR] [--only TEXT] [--recorded]`: scenarios on the embedded cluster
// and on a real control plane, and where their answers differ. Without Go, or with --recorded, the answers
// recorded in the files stand for the real one.
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { ProblemError } from "@slipway/yaml";
import { skipWithoutGo } from "../control-plane/build.ts";
import { compareObservations } from "../scenarios/runner/compare.ts";
import { loadScenarios, ownScenarios } from "../scenarios/runner/files.ts";
import type { Scenario } from "../scenarios/runner/scenario.ts";
import { runAll, startEmbedded, startReal } from "../scenarios/runner/servers.ts";

/** Runs the command with what follows the word `cluster`; true when nothing differs but what is marked so. */
export async function compareClusters(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenarios: { type: "string", default: ownScenarios },
      only: { type: "string", default: "" },
      recorded: { type: "boolean", default: false },
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
    : await runOnReal(scenarios);

  let agreeing = 0;
  let unexpected = 0;
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
  console.log(`cluster scenarios: ${agreeing} of ${scenarios.length} agree; sequences: 0 of 0 agree`);
  return unexpected === 0;
}

async function runOnReal(scenarios: Parameters<typeof runAll>[0]): ReturnType<typeof runAll> {
  const server = await startReal();
  try {
    return await runAll(scenarios, { server, parallel: 4 });
  } finally {
    await server.stop();
  }
}
