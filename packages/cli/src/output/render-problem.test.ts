import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { exitCodeMeanings, exitCodeOf, exitCodes } from "../exit-codes.ts";
import { topLevelHelp } from "../help.ts";
import { fakeShell } from "../testing.ts";
import { noPaint, paintFor } from "./paint.ts";
import { problemJson, renderProblem } from "./render-problem.ts";
import { toProblem } from "./to-problem.ts";

test("a problem shows its place with a caret, what belongs to it and what to do", () => {
  const text = renderProblem(
    {
      code: "platform/unknown-key",
      message: 'there is no key "relase".',
      position: { file: "slipway.yaml", line: 12, column: 4 },
      sourceLine: "\t  relase: x",
      object: "Platform/mine",
      related: [{ message: "it is first here", position: { file: "a.yaml", line: 1, column: 2 } }],
      next: "did you mean release?",
    },
    noPaint,
  );
  assert.deepEqual(text.split("\n"), [
    'error: there is no key "relase" [platform/unknown-key]',
    "  --> slipway.yaml:12:4",
    "     |",
    "  12 | \t  relase: x",
    "     | \t  ^",
    "  object: Platform/mine",
    "  note: it is first here (a.yaml:1:2)",
    "  next: did you mean release?",
    "",
  ]);
});

test("the same problem as JSON is one line with its exit code", () => {
  const line = problemJson({ code: "graph/cycle", message: "round\nand round" }, 65);
  assert.equal(line.split("\n").length, 2);
  assert.deepEqual(JSON.parse(line), {
    apiVersion: "slipway.dev/v1alpha1",
    kind: "Error",
    exitCode: 65,
    code: "graph/cycle",
    message: "round\nand round",
  });
});

test("a full disk is told as one, unforeseen errors as what they are", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
  });
  assert.match(toProblem(full).message, /the disk is full/);
  assert.equal(exitCodeOf(toProblem(full)), exitCodes.failed);
  assert.equal(toProblem(new TypeError("x is undefined")).code, "internal/unexpected");
  assert.equal(toProblem(new ProblemError({ code: "a/b", message: "c" })).code, "a/b");
});

test("problems map to documented exit codes", () => {
  const codeOf = (code: string) => exitCodeOf({ code, message: "" });
  assert.equal(codeOf("usage/arguments"), 64);
  assert.equal(codeOf("kubernetes/unknown-object"), 64);
  assert.equal(codeOf("kustomize/duplicate-id"), 65);
  assert.equal(codeOf("graph/cycle"), 65);
  assert.equal(codeOf("cluster/refused"), 69);
  assert.equal(codeOf("cluster/too-old"), 69);
  assert.equal(codeOf("cluster/unauthorized"), 77);
  assert.equal(codeOf("deploy/timeout"), 75);
  assert.equal(codeOf("deploy/locked"), 75);
  assert.equal(codeOf("deploy/refused"), 1);
  const help = topLevelHelp();
  for (const [code, meaning] of exitCodeMeanings)
    assert.ok(help.includes(`${String(code).padStart(3)}  ${meaning}`));
});

test("colours: the flag wins over NO_COLOR, that over FORCE_COLOR, that over the terminal", () => {
  const isColored = (terminal: boolean, environment: Record<string, string>, choice?: "always" | "never") => {
    const shell = fakeShell({ terminal, environment });
    return paintFor(shell.stderr, shell, choice).red("x") !== "x";
  };
  assert.equal(isColored(true, {}), true);
  assert.equal(isColored(false, {}), false);
  assert.equal(isColored(true, { TERM: "dumb" }), false);
  assert.equal(isColored(true, { NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assert.equal(isColored(false, { FORCE_COLOR: "1" }), true);
  assert.equal(isColored(true, {}, "never"), false);
  assert.equal(isColored(false, { NO_COLOR: "1" }, "always"), true);
});
