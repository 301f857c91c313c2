// Real kubectl on a real control plane and on the embedded cluster: the same commands print the same text.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { skipWithoutGo } from "../control-plane/build.ts";
import { findKubectls } from "../support/kubectl.ts";
import { countPairs, type Pair, runOnBoth } from "./run-both.ts";
import { loadSequences } from "./sequence.ts";

const sequences = loadSequences();
const kubectl = findKubectls().at(-1);
const skip = kubectl === undefined ? "no kubectl on the path" : skipWithoutGo();

describe("kubectl on both servers", { skip }, () => {
  let pairs: readonly Pair[];
  before(async () => {
    pairs = await runOnBoth(sequences, kubectl ?? "");
  });

  for (const { name, steps } of sequences) {
    for (const [index, { command, differs }] of steps.entries()) {
      test(`${name}, ${index + 1}: ${command}`, () => {
        // Before the first command comes the one that makes the namespace.
        const pair = pairs.filter(({ sequence }) => sequence === name)[index + 1];
        if (differs === undefined) assert.equal(pair?.embedded, pair?.real);
        else assert.notEqual(pair?.embedded, pair?.real, `no longer differs: ${differs}`);
      });
    }
  }

  test("at least 60 commands are compared as a whole", (context) => {
    context.diagnostic(countPairs(pairs));
    assert.ok(pairs.filter(({ step }) => step.extent === "all").length >= 60);
  });
});
