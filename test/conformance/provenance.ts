// `npm run conformance -- provenance [--fields N] [--seed N] [-v]`: whether the place that a field's history names
// is the place to change it, for fields drawn from release 26.03.
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { drawFields, type Proof, prove } from "../provenance/prove.ts";
import { createTrial } from "../provenance/trial.ts";
import { fixture } from "../support/fixtures.ts";
import { seededRandom } from "./fuzz/random.ts";

/** Proves fields of a release's example; each with its verdict. */
export function proveRelease(release: string, count: number, seed: number): Proof[] {
  const trial = createTrial(fixture("upstream", release, "example"), fixture("remotes"));
  return [...prove(trial, drawFields(trial, count, seededRandom(seed)))];
}

/** Prints counts by verdict and by step, and what is wrong; true when nothing is. */
export function reportProvenance(args: readonly string[]): boolean {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fields: { type: "string", default: "2000" },
      seed: { type: "string", default: "1" },
      verbose: { type: "boolean", short: "v", default: false },
    },
  });
  const proofs = proveRelease("26.03", Number(values.fields), Number(values.seed));
  for (const proof of proofs) {
    if (proof.verdict === "wrong" || (values.verbose && /identity|unwritten/.test(proof.verdict))) {
      console.log(describeProof(proof));
    }
  }
  for (const [step, own] of Map.groupBy(proofs, (proof) => proof.step)) {
    console.log(`  ${step.padEnd(16)} ${countsOf(own)}`);
  }
  console.log(`provenance: ${proofs.length} fields: ${countsOf(proofs)}`);
  return proofs.every(({ verdict }) => verdict !== "wrong");
}

/** A proof in words. */
export function describeProof({ field, place, verdict, findings }: Proof): string {
  const inside = (text: string) => text.replaceAll(`${fixture("upstream/26.03")}/`, "");
  const [object = ""] = inside(field.object).split(" ");
  const at = place ? `${relative(fixture("upstream/26.03"), place.file)}:${place.line}` : "no place";
  const lines = findings
    .slice(0, 5)
    .map((line) => `\n    ${inside(line).replace(/ \S*kustomization\.yaml/g, "")}`);
  return `${verdict}  ${object} ${field.path}, decided at ${at}${lines.join("")}`;
}

function countsOf(proofs: readonly Proof[]): string {
  return [...Map.groupBy(proofs, ({ verdict }) => verdict)]
    .map(([verdict, own]) => `${own.length} ${verdict}`)
    .join(", ");
}
