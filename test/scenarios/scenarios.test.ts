// Every scenario file on the embedded cluster, beside what a real server answered when it was recorded.
import assert from "node:assert/strict";
import { relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { compareObservations } from "./runner/compare.ts";
import { listDifferences, readDifferences } from "./runner/differences.ts";
import { loadScenarios, ownScenarios } from "./runner/files.ts";
import { runScenario } from "./runner/run-scenario.ts";
import { namespaceFor, type StartedServer, startEmbedded } from "./runner/servers.ts";

const scenarios = loadScenarios(ownScenarios);

describe("scenarios on the embedded cluster", () => {
  let server: StartedServer;
  before(async () => {
    server = await startEmbedded();
  });
  after(() => server.stop());

  for (const [index, scenario] of scenarios.entries()) {
    const file = relative(ownScenarios, scenario.file);
    test(`${file}: ${scenario.name}`, async () => {
      const expected = scenario.steps.map(({ expect }) => expect ?? {});
      const observed = await runScenario(scenario, { server, namespace: namespaceFor(index) });
      const differences = compareObservations(expected, observed);
      if (scenario.embeddedDiffers === undefined) assert.deepEqual(differences, []);
      else assert.notDeepEqual(differences, [], "it is marked as different, and is not");
    });
  }
});

test("the README lists what is marked as different", () => {
  assert.equal(
    readDifferences(),
    listDifferences(scenarios),
    "run: npx node test/scenarios/runner/list-differences.ts",
  );
});
