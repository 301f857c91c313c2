// `npm run conformance [-- kustomize [--cases DIR] [--tree DIR --remotes DIR --goldens DIR] [-v]]`: what we
// build, compared with what real kustomize builds; exits with 1 if any of it differs. `npm run conformance -- cluster …`:
// see cluster.ts; `-- kubectl …`: see kubectl.ts; `-- provenance …`: see provenance.ts.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { fixture } from "../support/fixtures.ts";
import { runCases } from "./cases.ts";
import { runGoldens } from "./goldens.ts";
import type { Outcome } from "./outcome.ts";

if (process.argv[2] === "cluster") {
  const { compareClusters } = await import("./cluster.ts");
  process.exit((await compareClusters(process.argv.slice(3))) ? 0 : 1);
}

if (process.argv[2] === "kubectl") {
  const { compareKubectl } = await import("./kubectl.ts");
  process.exit((await compareKubectl(process.argv.slice(3))) ? 0 : 1);
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

/** Whether a release was named; else everything that the fixtures hold is compared. */
const wantsGoldens = values.goldens !== undefined || values.tree !== undefined;

interface Tally {
  passed: number;
  failed: number;
  total: number;
  readonly refused: Map<string, number>;
}

const emptyTally = (): Tally => ({ passed: 0, failed: 0, total: 0, refused: new Map() });

function tally(outcomes: Iterable<Outcome>, into: Tally): void {
  for (const { id, verdict, detail = "", note } of outcomes) {
    into.total++;
    if (verdict === "passed") into.passed++;
    if (verdict === "failed") into.failed++;
    if (verdict === "refused") into.refused.set(detail, (into.refused.get(detail) ?? 0) + 1);
    if (verdict === "failed" || verdict === "unclear") console.log(`${verdict.padEnd(7)} ${id}: ${detail}`);
    else if (values.verbose && verdict === "refused") console.log(`refused ${id}: ${detail}`);
    else if (values.verbose && note) console.log(`ok      ${id}: ${note}`);
  }
}

function* goldenOutcomes(): Generator<Outcome> {
  if (wantsGoldens) {
    const tree = values.tree ?? fixture("upstream", basename(values.goldens ?? ""));
    const goldens = values.goldens ?? fixture("golden", basename(tree));
    yield* runGoldens({ tree, goldens, remotes: values.remotes ?? fixture("remotes") });
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

const goldens = emptyTally();
const cases = emptyTally();
if (wantsGoldens || values.cases === undefined) tally(goldenOutcomes(), goldens);
if (values.cases !== undefined) tally(runCases(values.cases), cases);
else if (!wantsGoldens && existsSync(fixture("kustomize-cases"))) {
  tally(runCases(fixture("kustomize-cases")), cases);
}
if (cases.refused.size > 0) {
  const parts = [...cases.refused].map(([feature, count]) => `${feature} ${count}`);
  console.log(`refused on purpose (see packages/kustomize/README.md): ${parts.join(", ")}`);
}
console.log(
  `kustomize cases: ${cases.passed} of ${cases.total}; goldens: ${goldens.passed} of ${goldens.total}`,
);
if (cases.failed + goldens.failed > 0) process.exitCode = 1;
