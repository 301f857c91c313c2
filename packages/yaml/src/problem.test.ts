import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "./problem.ts";

test("a ProblemError keeps its data and its cause", () => {
  const cause = new Error("inner");
  const error = new ProblemError({ code: "yaml/syntax", message: "bad indent" }, { cause });
  assert.equal(error.message, "bad indent");
  assert.equal(error.problem.code, "yaml/syntax");
  assert.equal(error.cause, cause);
});
