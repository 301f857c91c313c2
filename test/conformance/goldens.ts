// Builds every directory of a release and compares with what real kustomize printed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { build } from "@slipway/kustomize";
import { describeError, firstDifference, type Outcome } from "./outcome.ts";

/** Where a release, its remotes and its goldens lie. */
export interface GoldenInput {
  readonly tree: string;
  readonly remotes: string;
  readonly goldens: string;
}

/** One outcome per golden, and one per directory that is known to fail. */
export function* runGoldens(input: GoldenInput): Generator<Outcome> {
  for (const name of readdirSync(input.goldens).sort()) {
    if (!name.endsWith(".yaml.gz")) continue;
    const directory = name.slice(0, -".yaml.gz".length).replaceAll("__", "/");
    const expected = gunzipSync(readFileSync(join(input.goldens, name))).toString("utf8");
    yield compare(directory, input, expected);
  }
  for (const directory of failingDirectories(input.goldens)) yield expectFailure(directory, input);
}

function compare(directory: string, input: GoldenInput, expected: string): Outcome {
  try {
    const actual = build(join(input.tree, directory), { remotes: input.remotes }).yaml();
    if (actual === expected) return { id: directory, verdict: "passed" };
    return { id: directory, verdict: "failed", detail: firstDifference(actual, expected) };
  } catch (error) {
    return { id: directory, verdict: "failed", detail: describeError(error) };
  }
}

function failingDirectories(goldens: string): string[] {
  const index = join(goldens, "index.tsv");
  if (!existsSync(index)) return [];
  return readFileSync(index, "utf8")
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([, status]) => status === "fail")
    .map(([directory]) => directory as string);
}

function expectFailure(directory: string, input: GoldenInput): Outcome {
  try {
    build(join(input.tree, directory), { remotes: input.remotes });
    return { id: directory, verdict: "failed", detail: "built, where kustomize fails" };
  } catch (error) {
    return { id: directory, verdict: "passed", note: describeError(error) };
  }
}
