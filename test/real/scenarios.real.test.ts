// Every scenario file on a real control plane: the recorded answers are what it answers.
import assert from "node:assert/strict";
import { relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { skipWithoutGo } from "../control-plane/build.ts";
import { compareObservations } from "../scenarios/runner/compare.ts";
import { loadScenarios, ownScenarios } from "../scenarios/runner/files.ts";
import { runAgain, runAll, type StartedServer, startReal } from "../scenarios/runner/servers.ts";

const scenarios = loadScenarios(ownScenarios);

describe("scenarios on a real control plane", { skip: skipWithoutGo() }, () => {
  let server: StartedServer;
  let observed: Awaited<ReturnType<typeof runAll>>;
  before(async () => {
    server = await startReal();
    observed = await runAgain(await runAll(scenarios, { server, parallel: 4 }), {
      server,
      expected: ({ steps }) => steps.map(({ expect }) => expect ?? {}),
    });
  });
  after(() => server.stop());

  const differences = (scenario: (typeof scenarios)[number]) =>
    compareObservations(
      scenario.steps.map(({ expect }) => expect ?? {}),
      observed.get(scenario) ?? [],
    );

  for (const scenario of scenarios) {
    test(`${relative(ownScenarios, scenario.file)}: ${scenario.name}`, () => {
      assert.deepEqual(differences(scenario), []);
    });
  }
});
