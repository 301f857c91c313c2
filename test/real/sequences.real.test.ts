// The first sequences of requests on the embedded API server and on a real one, without controllers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareSequences, seedsFrom, withPair } from "../conformance/fuzz-cluster/compare-sequences.ts";
import { loadPool } from "../conformance/fuzz-cluster/templates.ts";
import { skipWithoutGo } from "../control-plane/build.ts";
import { fixture, skipWithout } from "../support/fixtures.ts";

// The objects of the release are part of what sequences are drawn from.
const skip = skipWithoutGo() || skipWithout(fixture("golden/26.03/example.yaml.gz"));

test("both servers answer the first hundred sequences alike", { skip }, async () => {
  const pool = loadPool();
  const found = await withPair(pool, async (pair) => {
    const all: string[] = [];
    for await (const { seed, differences } of compareSequences(pair, { pool, seeds: seedsFrom(1, 100) })) {
      if (differences.length > 0) all.push(`sequence ${seed}: ${differences.join("\n")}`);
    }
    return all;
  });
  assert.deepEqual(found, []);
});
