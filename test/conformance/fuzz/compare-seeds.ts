// Random kustomizations built with ours and with real kustomize: equal bytes, or both fail.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build, memoryFileSystem } from "@slipway/kustomize";
import { describeError, firstDifference } from "../outcome.ts";
import { type Random, seededRandom } from "./random.ts";
import type { FuzzTree } from "./tree.ts";

interface Result {
  readonly text?: string;
  readonly error?: string;
}

/** What came of one seed. */
export interface SeedOutcome {
  readonly seed: number;
  readonly tree: FuzzTree;
  /** True when real kustomize builds it. */
  readonly builds: boolean;
  /** The first difference; null when there is none. */
  readonly difference: string | null;
}

/** Compares trees of `count` seeds from `first` on with the real kustomize at `binary`, one after another. */
export function* compareSeeds(options: {
  readonly makeTree: (random: Random) => FuzzTree;
  readonly binary: string;
  readonly first: number;
  readonly count: number;
}): Generator<SeedOutcome> {
  const { makeTree, binary, first, count } = options;
  for (let seed = first; seed < first + count; seed++) {
    const tree = makeTree(seededRandom(seed));
    const right = theirs(tree, binary);
    yield { seed, tree, builds: right.text !== undefined, difference: difference(ours(tree), right) };
  }
}

/** Writes a tree's files below a folder. */
export function writeTree(root: string, tree: FuzzTree): void {
  for (const [path, text] of Object.entries(tree.files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function ours(tree: FuzzTree): Result {
  try {
    return { text: build(`/${tree.directory}`, { fileSystem: memoryFileSystem(tree.files) }).yaml() };
  } catch (error) {
    return { error: describeError(error) };
  }
}

function theirs(tree: FuzzTree, binary: string): Result {
  const folder = mkdtempSync(join(tmpdir(), "slipway-fuzz-"));
  try {
    writeTree(folder, tree);
    const run = spawnSync(binary, ["build", join(folder, tree.directory)], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      // Short runs take a third less time without the garbage collector and with one thread.
      env: { ...process.env, GOGC: "off", GOMAXPROCS: "1" },
    });
    if (run.error) throw run.error;
    return run.status === 0 ? { text: run.stdout } : { error: run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function difference(left: Result, right: Result): string | null {
  if (left.error !== undefined && right.error !== undefined) {
    return left.error.startsWith("unexpected") ? left.error : null;
  }
  if (left.error !== undefined) return `we fail, kustomize builds: ${left.error}`;
  if (right.error !== undefined) return `we build, kustomize fails: ${right.error.trim().slice(-400)}`;
  return left.text === right.text ? null : firstDifference(left.text ?? "", right.text ?? "");
}
