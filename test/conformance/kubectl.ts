// `npm run conformance -- kubectl [--only SEQUENCE]… [--kubectl FILE]`: commands with a real kubectl on a real control
// plane and on the embedded cluster, and where they print different texts.
import { parseArgs } from "node:util";
import { skipWithoutGo } from "../control-plane/build.ts";
import { countPairs, runOnBoth } from "../kubectl/run-both.ts";
import { loadSequences } from "../kubectl/sequence.ts";
import { findKubectls } from "../support/kubectl.ts";

/** Runs the command with what follows the word `kubectl`; true when nothing differs but what is marked so. */
export async function compareKubectl(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: "string", multiple: true }, kubectl: { type: "string" } },
  });
  const kubectl = values.kubectl ?? findKubectls().at(-1);
  const missing = kubectl === undefined ? "no kubectl on the path" : skipWithoutGo();
  if (kubectl === undefined || missing) {
    console.log(`nothing was compared: ${missing}`);
    return false;
  }
  const sequences = loadSequences().filter(({ name }) => values.only?.includes(name) ?? true);
  const pairs = await runOnBoth(sequences, kubectl);
  let unexpected = 0;
  for (const { sequence, step, real, embedded } of pairs) {
    const same = real === embedded;
    if (same && step.differs === undefined) continue;
    if (!same && step.differs !== undefined) {
      console.log(`differs on purpose  ${sequence}: ${step.command}: ${step.differs}`);
      continue;
    }
    unexpected++;
    const how = same ? "differs no longer" : "differs";
    console.log(`${how}  ${sequence}: ${step.command}\n${unequalLines(real, embedded)}`);
  }
  console.log(countPairs(pairs));
  return unexpected === 0;
}

/** The lines from the first to the last that is not the same, of the real server and then of the embedded one. */
function unequalLines(real: string, embedded: string): string {
  const left = real.split("\n");
  const right = embedded.split("\n");
  let start = 0;
  while (start < Math.min(left.length, right.length) && left[start] === right[start]) start++;
  let end = 0;
  const shorter = Math.min(left.length, right.length) - start;
  while (end < shorter && left.at(-1 - end) === right.at(-1 - end)) end++;
  const part = (lines: readonly string[], mark: string): string[] =>
    lines.slice(start, lines.length - end).map((line) => `  ${mark} ${line}`);
  return [...part(left, "real    "), ...part(right, "embedded")].join("\n");
}
