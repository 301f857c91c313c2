// Random kustomizations against real kustomize.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareSeeds } from "../conformance/fuzz/compare-seeds.ts";
import { realKustomize } from "../conformance/fuzz/real-kustomize.ts";
import { scalarTree } from "../conformance/fuzz/scalars.ts";
import { randomTree } from "../conformance/fuzz/tree.ts";
import { skipWithoutGo } from "../control-plane/build.ts";

const kinds = { kustomizations: randomTree, "steps that change single fields": scalarTree };

for (const [what, makeTree] of Object.entries(kinds)) {
  test(`200 random ${what} build to what real kustomize prints, or fail in both`, {
    skip: process.env.KUSTOMIZE ? false : skipWithoutGo(),
  }, () => {
    const outcomes = [...compareSeeds({ makeTree, binary: realKustomize(), first: 1, count: 200 })];
    const differences = outcomes.flatMap(({ seed, difference }) =>
      difference === null ? [] : [`seed ${seed}: ${difference}`],
    );
    assert.deepEqual(differences, []);
    const built = outcomes.filter(({ builds }) => builds).length;
    assert.ok(built > 50, "too few of them build to say anything");
  });
}
