// Builds every directory of a release and compares with what real kustomize printed.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "@slipway/kustomize";
import { type Golden, readGoldens } from "./golden-files.ts";
import { describeError, firstDifference, type Outcome } from "./outcome.ts";

/** Where a release, its remotes and its goldens lie. */
export interface GoldenInput {
  readonly tree: string;
  readonly remotes: string;
  readonly goldens: string;
}

/** One outcome per directory that is recorded, whether it builds or fails. */
export function* runGoldens(input: GoldenInput): Generator<Outcome> {
  for (const golden of readGoldens(input.goldens)) yield compare(golden, input);
}

function compare(golden: Golden, { tree, remotes }: GoldenInput): Outcome {
  const id = golden.directory;
  let actual: string;
  try {
    actual = build(join(tree, id), { remotes }).yaml();
  } catch (error) {
    return golden.builds
      ? { id, verdict: "failed", detail: describeError(error) }
      : { id, verdict: "passed", note: describeError(error) };
  }
  if (!golden.builds) return { id, verdict: "failed", detail: "built, where kustomize fails" };
  if (golden.text !== undefined) {
    const expected = golden.text();
    if (actual === expected) return { id, verdict: "passed" };
    return { id, verdict: "failed", detail: firstDifference(actual, expected) };
  }
  const digest = createHash("sha256").update(actual).digest("hex");
  if (digest.startsWith(golden.digest)) return { id, verdict: "passed" };
  return { id, verdict: "failed", detail: `sha256 ${digest}, expected ${golden.digest}` };
}
