// A build that remembers the ones before it is the build that remembers nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type BuildOptions, build, createBuildMemory, memoryFileSystem } from "@slipway/kustomize";
import { describeError } from "../outcome.ts";
import { editFiles } from "./edit-tree.ts";
import { seededRandom } from "./random.ts";
import { randomTree } from "./tree.ts";

const trees = 40;
const edits = 12;

test("after random edits a build with a memory gives what one without gives: text, warnings and failures", () => {
  let built = 0;
  let drawn = 0;
  for (let seed = 1; drawn < trees; seed++) {
    const random = seededRandom(seed);
    const { files: original, directory } = randomTree(random);
    // Most trees that chance makes are no good; edits of those would only compare errors.
    if (outcome(directory, { fileSystem: memoryFileSystem(original) }).text === undefined) continue;
    drawn++;
    const memory = createBuildMemory();
    let files: Record<string, string> = { ...original };
    for (let edit = 0; edit <= edits; edit++) {
      const fileSystem = memoryFileSystem(files);
      const cold = outcome(directory, { fileSystem });
      assert.deepEqual(outcome(directory, { fileSystem, memory }), cold, `seed ${seed}, edit ${edit}`);
      if (cold.text !== undefined) built++;
      files = editFiles(cold.text === undefined ? original : files, original, random);
    }
  }
  assert.ok(built > (trees * edits) / 3, `only ${built} of the trees were built at all`);
});

function outcome(directory: string, options: BuildOptions) {
  try {
    const result = build(`/${directory}`, options);
    const origins = result.resources.map(({ origin, trail }) => ({ origin, trail }));
    return { text: result.yaml(), warnings: result.warnings, origins };
  } catch (error) {
    return { error: describeError(error) };
  }
}
