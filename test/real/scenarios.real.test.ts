// Scenario files on real control planes: the recorded answers are what the newest one answers, and the oldest, too,
// but for the scenarios that are marked. Of the oldest it is about every fifth; `npm run conformance -- cluster` runs all.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { kubernetesMinors, newestMinor, skipWithoutGo } from "../control-plane/build.ts";
import { compareObservations } from "../scenarios/runner/compare.ts";
import { loadScenarios, ownScenarios } from "../scenarios/runner/files.ts";
import { holdsFor, type Scenario } from "../scenarios/runner/scenario.ts";
import { runAgain, runAll, type StartedServer, startReal } from "../scenarios/runner/servers.ts";

const all = loadScenarios(ownScenarios);
const title = ({ file, name }: Scenario) => `${relative(ownScenarios, file)}: ${name}`;
/** By the scenario itself, so that others that are added leave the choice as it is. */
const isFifth = (scenario: Scenario) =>
  createHash("sha256").update(title(scenario)).digest().readUInt32BE() % 5 === 0;
const expected = ({ steps }: Scenario) => steps.map(({ expect }) => expect ?? {});

for (const minor of kubernetesMinors) {
  const scenarios = all.filter(
    (scenario) => minor === newestMinor || isFifth(scenario) || scenario.since !== undefined,
  );
  describe(`scenarios on a real control plane ${minor}`, { skip: skipWithoutGo() }, () => {
    let server: StartedServer;
    let observed: Awaited<ReturnType<typeof runAll>>;
    before(async () => {
      server = await startReal(minor);
      const first = await runAll(scenarios, { server, parallel: 4 });
      observed = await runAgain(first, { server, expected, unless: (one) => !holdsFor(one, minor) });
    });
    after(() => server.stop());

    for (const scenario of scenarios) {
      test(title(scenario), () => {
        const differences = compareObservations(expected(scenario), observed.get(scenario) ?? []);
        if (holdsFor(scenario, minor)) assert.deepEqual(differences, []);
        else
          assert.notDeepEqual(
            differences,
            [],
            `it is marked as new since ${scenario.since?.minor}, and is not`,
          );
      });
    }
  });
}
