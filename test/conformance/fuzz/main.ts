// Builds random kustomizations with us and with real kustomize and compares bytes, or that both fail.
// node test/conformance/fuzz/main.ts [--seeds N] [--from N] [--keep DIR]; the binary is KUSTOMIZE or `kustomize`.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { build, memoryFileSystem } from "@slipway/kustomize";
import { describeError, firstDifference } from "../outcome.ts";
import { seededRandom } from "./random.ts";
import { type FuzzTree, randomTree } from "./tree.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "500" },
    from: { type: "string", default: "1" },
    keep: { type: "string" },
  },
});
const binary = process.env.KUSTOMIZE ?? "kustomize";
const work = mkdtempSync(join(tmpdir(), "slipway-fuzz-"));

interface Result {
  readonly text?: string;
  readonly error?: string;
}

function ours(tree: FuzzTree): Result {
  try {
    return { text: build(`/${tree.directory}`, { fileSystem: memoryFileSystem(tree.files) }).yaml() };
  } catch (error) {
    return { error: describeError(error) };
  }
}

function theirs(tree: FuzzTree): Result {
  writeTree(work, tree);
  const run = spawnSync(binary, ["build", join(work, tree.directory)], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  rmSync(work, { recursive: true, force: true });
  if (run.error) throw run.error;
  return run.status === 0 ? { text: run.stdout } : { error: run.stderr };
}

function writeTree(root: string, tree: FuzzTree): void {
  for (const [path, text] of Object.entries(tree.files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
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

const first = Number(values.from);
const count = Number(values.seeds);
let different = 0;
let built = 0;
for (let seed = first; seed < first + count; seed++) {
  const tree = randomTree(seededRandom(seed));
  const right = theirs(tree);
  if (right.text !== undefined) built++;
  const found = difference(ours(tree), right);
  if (found === null) continue;
  different++;
  console.log(`seed ${seed}: ${found}`);
  if (values.keep) writeTree(join(values.keep, String(seed)), tree);
}
console.log(`fuzz: ${count - different} of ${count} seeds agree; ${built} of them build`);
process.exitCode = different === 0 ? 0 : 1;
