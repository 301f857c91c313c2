import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { defaultTimeModel } from "./time-model.ts";
import { describeTimeModel, formatTimeModel, parseTimeModel } from "./time-model-file.ts";

const head = "apiVersion: slipway.dev/v1alpha1\nkind: TimeModel\nmetadata: { name: lab }\n";
const model = {
  ...defaultTimeModel,
  name: "lab",
  images: { "registry.example/a:1": { pullMs: 61_250, settleMs: 0 }, b: { pullMs: 0, settleMs: 850 } },
  pulls: "serial",
  overheadMs: 1_000,
  scale: 0.5,
} as const;

test("what is written is read again", () => {
  assert.deepEqual(parseTimeModel(formatTimeModel(model, "a comment"), "times.yaml"), model);
  const builtin = formatTimeModel(defaultTimeModel, "a comment");
  assert.deepEqual(parseTimeModel(builtin, "times.yaml"), defaultTimeModel);
});

test("what a file leaves out is as in the built-in model", () => {
  assert.deepEqual(parseTimeModel(head, "times.yaml"), { ...defaultTimeModel, name: "lab" });
});

for (const [wrong, message, line] of [
  ["spec: { imagse: {} }", /spec\.imagse: there is no such key/, 4],
  ["spec:\n  overhead: soon", /spec\.overhead: expected a time/, 5],
  ["spec:\n  images:\n    a: { pull: 3s, seattle: 1s }", /no such key/, 6],
  ["spec: { pulls: both }", /expected parallel or serial/, 4],
  ["spec: { otherImages: { from: 9s, to: 3s } }", /less than from/, 4],
  ["spec: { scale: -1 }", /expected a number from 0/, 4],
] as const) {
  test(`refuses ${JSON.stringify(wrong)} and says where`, () => {
    assert.throws(
      () => parseTimeModel(head + wrong, "times.yaml"),
      (error) => {
        assert.ok(error instanceof ProblemError);
        assert.match(error.problem.message, message);
        assert.equal(error.problem.position?.line, line);
        return true;
      },
    );
  });
}

test("a rehearsal says what it goes by", () => {
  assert.equal(describeTimeModel(defaultTimeModel), "built-in, an image takes 3 s to 12 s");
  assert.equal(
    describeTimeModel(model),
    "lab, 2 images with times of their own, any other takes 1.5 s to 6 s",
  );
});
