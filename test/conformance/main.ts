// `npm run conformance [-- kustomize [--cases DIR] [--tree DIR --remotes DIR --goldens DIR] [-v]]`: what we
// build, compared with what real kustomize builds. `npm run conformance -- cluster …`: see cluster.ts;
// `-- provenance …`: see provenance.ts.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { fixture } from "../support/fixtures.ts";
import { runCases } from "./cases.ts";
import { runGoldens } from "./goldens.ts";
import type { Outcome } from "./outcome.ts";

if (process.argv[2] === "cluster") {
  const { compareClusters } = await import("./cluster.ts");
  process.exit((await compareClusters(process.argv.slice(3))) ? 0 : 1);
}

if (process.argv[2] === "provenance") {
  const { reportProvenance } = await import("./provenance.ts");
  process.exit(reportProvenance(process.argv.slice(3)) ? 0 : 1);
}

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string" },
    tree: { type: "string" },
    remotes: { type: "string" },
    goldens: { type: "string" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

interface Tally {
  passed: number;
  total: number;
  readonly refused: Map<string, number>;
}

function tally(outcomes: Iterable<Outcome>, into: Tally): Tally {
  for (const outcome of outcomes) {
    into.total++;
    if (outcome.verdict === "passed") into.passed++;
    if (outcome.verdict === "passed" && values.verbose && outcome.note) {
      console.log(`ok      ${outcome.id}: ${outcome.note}`);
    }
    if (outcome.verdict === "failed") console.log(`failed  ${outcome.id}: ${outcome.detail ?? ""}`);
    if (outcome.verdict === "refused") {
      const feature = outcome.detail ?? "";
      into.refused.set(feature, (into.refused.get(feature) ?? 0) + 1);
      if (values.verbose) console.log(`refused ${outcome.id}: ${feature}`);
    }
  }
  return into;
}

function* goldenOutcomes(): Generator<Outcome> {
  if (values.goldens !== undefined || values.tree !== undefined) {
    yield* runGoldens({
      tree: values.tree ?? fixture("upstream/26.03"),
      remotes: values.remotes ?? fixture("remotes"),
      goldens: values.goldens ?? fixture("golden/26.03"),
    });
    return;
  }
  for (const release of ["26.03", "v1.11.0"]) {
    const goldens = fixture("golden", release);
    if (!existsSync(goldens)) continue;
    for (const outcome of runGoldens({
      tree: fixture("upstream", release),
      remotes: values.remotes ?? fixture("remotes"),
      goldens,
    })) {
      yield { ...outcome, id: `${release} ${outcome.id}` };
    }
  }
}

const onlyGoldens = values.cases === undefined && (values.tree !== undefined || values.goldens !== undefined);
const onlyCases = values.cases !== undefined && values.tree === undefined && values.goldens === undefined;
const goldens: Tally = { passed: 0, total: 0, refused: new Map() };
const cases: Tally = { passed: 0, total: 0, refused: new Map() };
if (!onlyCases) tally(goldenOutcomes(), goldens);
const caseDirectory = values.cases ?? fixture("kustomize-cases");
if (!onlyGoldens && existsSync(caseDirectory)) tally(runCases(caseDirectory), cases);
if (cases.refused.size > 0) {
  const parts = [...cases.refused].map(([feature, count]) => `${feature} ${count}`);
  console.log(`refused on purpose (see packages/kustomize/README.md): ${parts.join(", ")}`);
}
console.log(
  `kustomize cases: ${cases.passed} of ${cases.total}; goldens: ${goldens.passed} of ${goldens.total}`,
);
