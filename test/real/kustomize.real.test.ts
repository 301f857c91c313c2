// Random kustomizations against real kustomize.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareSeeds } from "../conformance/fuzz/compare-seeds.ts";
import { realKustomize } from "../conformance/fuzz/real-kustomize.ts";
import { skipWithoutGo } from "../control-plane/build.ts";

test("200 random kustomizations build to what real kustomize prints, or fail in both", {
  skip: process.env.KUSTOMIZE ? false : skipWithoutGo(),
}, () => {
  const outcomes = [...compareSeeds({ binary: realKustomize(), first: 1, count: 200 })];
  const differences = outcomes.flatMap(({ seed, difference }) =>
    difference === null ? [] : [`seed ${seed}: ${difference}`],
  );
  assert.deepEqual(differences, []);
  assert.ok(outcomes.filter(({ builds }) => builds).length > 50, "too few of them build to say anything");
});
