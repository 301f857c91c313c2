import assert from "node:assert/strict";
import { test } from "node:test";
import { append, noPath, pathOf, stepsOf } from "./path.ts";

test("a path grows, and its room with it", () => {
  const path = append(append(pathOf("self"), "a"), "b");
  assert.deepEqual(stepsOf(path), ["self", "a", "b"]);
  assert.deepEqual(stepsOf(append(noPath, "@items")), ["@items"]);
});

test("what is appended to one path of two overwrites what was to the other where there is room", () => {
  const path = append(append(pathOf("self"), "a"), "b");
  const first = append(path, "c");
  append(path, "d");
  assert.deepEqual(stepsOf(first), ["self", "a", "b", "d"]);
  const full = append(path, "e");
  const second = append(full, "f");
  append(full, "g");
  assert.deepEqual(stepsOf(second), ["self", "a", "b", "e", "f"]);
});
