import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProblemError } from "@slipway/yaml";
import { formatFieldPath, parseFieldPath } from "./field-path.ts";

test("keys, indexes, list items by key and keys with dots", () => {
  assert.deepEqual(parseFieldPath("spec.containers[name=a.b].args[0]"), [
    "spec",
    "containers",
    { key: "name", value: "a.b" },
    "args",
    0,
  ]);
  for (const text of ['metadata.labels["a.b/c"]', "metadata.labels[a.b/c]", "metadata.labels.a\\.b/c"]) {
    assert.deepEqual(parseFieldPath(text), ["metadata", "labels", "a.b/c"], text);
  }
});

test("what is formatted reads back", () => {
  for (const text of ["a", 'a["b.c"][0]', "a.b[name=x].c", '["x.y"].z']) {
    assert.equal(formatFieldPath(parseFieldPath(text)), text);
  }
});

test("what is no path is refused with the place", () => {
  for (const text of ["", "a..b", "a[", "a[]", "a]b", "a[0]b", "a."]) {
    assert.throws(
      () => parseFieldPath(text),
      (error: ProblemError) => error.problem.code === "usage/field",
      text,
    );
  }
});
