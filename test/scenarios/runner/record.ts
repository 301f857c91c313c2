// `npx node test/scenarios/runner/record.ts [TEXT]`: writes what a real server answers into the scenario files
// whose path holds TEXT. Read the difference before it is committed.
import { loadScenarios, ownScenarios, recordExpectations } from "./files.ts";
import { runAll, startReal } from "./servers.ts";

const [text = ""] = process.argv.slice(2);
const scenarios = loadScenarios(ownScenarios).filter(({ file }) => file.includes(text));
const server = await startReal();
try {
  const observed = await runAll(scenarios, { server, parallel: 4 });
  for (const file of new Set(scenarios.map((scenario) => scenario.file))) {
    const own = [...observed].filter(([scenario]) => scenario.file === file);
    const failed = own.filter(([, [first]]) => first?.failed !== undefined);
    for (const [scenario, [first]] of failed) console.log(`${scenario.name}: ${String(first?.failed)}`);
    if (failed.length === 0) recordExpectations(file, new Map(own));
  }
  console.log(`recorded ${scenarios.length} scenarios`);
} finally {
  await server.stop();
}
