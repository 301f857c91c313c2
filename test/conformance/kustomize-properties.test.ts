// What holds of every build, whatever the kustomizations: tried on the trees that the comparison with kustomize draws.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { build, memoryFileSystem } from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import fc from "fast-check";
import { temporaryFolder } from "../support/run-slipway.ts";
import { seededRandom } from "./fuzz/random.ts";
import { randomTree } from "./fuzz/tree.ts";
import { describeError } from "./outcome.ts";

// A smaller seed is not a simpler tree.
const trees = fc.noShrink(fc.nat()).map((seed) => randomTree(seededRandom(seed)));

// It could not: like kustomize, a build reads only what a kustomization names, and a `FileSystem` lists nothing.
test("a build does not depend on the order in which the disk lists files", (context) => {
  const root = temporaryFolder(context);
  const ordered = trees.chain(({ files, directory }) =>
    fc.shuffledSubarray(Object.entries(files), { minLength: Object.keys(files).length }).map((entries) => ({
      directory,
      files,
      entries,
    })),
  );
  fc.assert(
    fc.property(ordered, ({ directory, files, entries }) => {
      rmSync(root, { recursive: true, force: true });
      for (const [path, text] of entries) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      const fromDisk = outcome(() => build(join(root, directory)).yaml());
      const inMemory = outcome(() => build(`/${directory}`, { fileSystem: memoryFileSystem(files) }).yaml());
      assert.equal(fromDisk.replaceAll(`${root}/`, "/"), inMemory);
      const shuffled = memoryFileSystem(Object.fromEntries(entries));
      assert.equal(
        outcome(() => build(`/${directory}`, { fileSystem: shuffled }).yaml()),
        inMemory,
      );
    }),
  );
});

function outcome(action: () => string): string {
  try {
    return action();
  } catch (error) {
    return describeError(error);
  }
}

/** What a later build refuses, though an earlier one prints it: names are looked at before they are changed. */
const unreadable = ["kustomize/duplicate-id", "kustomize/no-name", "kustomize/blank-namespace"];

test("building what was built changes nothing, except that it is no longer said how it was built", () => {
  let compared = 0;
  fc.assert(
    fc.property(trees, ({ files, directory }) => {
      const first = printed(directory, files);
      // `buildMetadata` writes annotations, which a build that is not asked for them takes out.
      if (first === undefined || first === "" || /^buildMetadata:/m.test(Object.values(files).join("\n")))
        return;
      const again = { "again/kustomization.yaml": "resources: [all.yaml]\n", "again/all.yaml": first };
      try {
        const { yaml } = build("/again", { fileSystem: memoryFileSystem(again), reorder: "none" });
        assert.equal(yaml(), first);
        compared++;
      } catch (error) {
        if (!(error instanceof ProblemError) || !unreadable.includes(error.problem.code)) throw error;
      }
    }),
    { numRuns: 80 },
  );
  assert.ok(compared > 15, `only ${compared} trees were built twice`);
});

/** What a tree is built to; undefined when it can't be. */
function printed(directory: string, files: Readonly<Record<string, string>>): string | undefined {
  try {
    return build(`/${directory}`, { fileSystem: memoryFileSystem(files) }).yaml();
  } catch {
    return undefined;
  }
}
