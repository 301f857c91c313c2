import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeployEvent, ObjectState } from "@slipway/deploy";
import { noPaint } from "../output/paint.ts";
import { fakeShell } from "../testing.ts";
import { createView } from "./create-view.ts";
import { createEventLines } from "./event-lines.ts";
import { drawFrame } from "./frame.ts";
import { createLiveView } from "./live-view.ts";
import { applyEvent, newRunState } from "./run-state.ts";
import { renderSummary } from "./summary.ts";

const started: DeployEvent = {
  type: "started",
  at: 1_000,
  version: "1.0",
  run: "r",
  cluster: "embedded",
  release: "starter",
  objects: 3,
  nodes: [
    { node: "a", name: "Deployment/auth/dex", component: "dex", expectedMs: 9_000 },
    { node: "b", name: "Service/auth/dex", component: "dex" },
    { node: "c", name: "Deployment/kubeflow/katib-controller", component: "katib" },
  ],
};
const state = (at: number, node: string, to: ObjectState, rest: object = {}): DeployEvent => ({
  type: "state",
  at,
  node,
  state: to,
  ...rest,
});

function runOf(...events: readonly DeployEvent[]) {
  const run = newRunState();
  for (const event of [started, ...events]) applyEvent(run, event);
  return run;
}

test("the run's state counts nodes by state and remembers since when", () => {
  const run = runOf(state(2_000, "b", "applied"), state(2_000, "b", "ready"), state(3_000, "a", "applied"));
  assert.equal(run.counts.ready, 1);
  assert.equal(run.counts.applied, 1);
  assert.equal(run.counts.waiting, 1);
  assert.equal(run.nodes.get("a")?.since, 3_000);
});

test("the picture has a line for each unfinished component with what keeps it", () => {
  const run = runOf(
    state(2_000, "a", "applied", { message: "0 of 1 pods ready" }),
    state(2_000, "c", "waiting", { waitsFor: ["a"] }),
    state(6_000, "b", "ready"),
  );
  const lines = drawFrame(run, { columns: 100, rows: 20 }, noPaint);
  assert.match(lines[0] ?? "", /1 of 3 ready, 1 starting, 5 s/);
  assert.match(lines[1] ?? "", /● dex +1\/2 +Deployment\/auth\/dex 4 s of about 9 s: 0 of 1 pods ready/);
  assert.match(
    lines[2] ?? "",
    /○ katib +0\/1 +Deployment\/kubeflow\/katib-controller waits for Deployment\/auth\/dex/,
  );
});

test("what an object waited for and has by now is not shown; webhooks are no objects", () => {
  const webhook = { node: "webhook:x", name: "webhook x", component: "katib" };
  const run = newRunState();
  applyEvent(run, { ...started, nodes: [...started.nodes, webhook] } as DeployEvent);
  applyEvent(run, state(2_000, "c", "waiting", { waitsFor: ["b", "a", "webhook:x"] }));
  applyEvent(run, state(2_000, "b", "ready"));
  applyEvent(run, state(3_000, "webhook:x", "ready"));
  const lines = drawFrame(run, { columns: 120, rows: 20 }, noPaint);
  assert.match(lines[0] ?? "", /1 of 3 ready/);
  assert.ok(
    lines.some((line) => /katib +0\/1 .*waits for Deployment\/auth\/dex$/.test(line)),
    lines.join("\n"),
  );
});

test("the picture fits the terminal, and finished components share a line", () => {
  const run = runOf(state(2_000, "c", "ready"), state(3_000, "a", "failed", { message: "x".repeat(300) }));
  const lines = drawFrame(run, { columns: 40, rows: 4 }, noPaint);
  assert.ok(lines.length <= 4);
  for (const line of lines) assert.ok(line.length < 40, line);
  assert.ok(lines.some((line) => line.includes("✓ 1 of 2 components ready: katib")));
  assert.ok(lines.some((line) => line.startsWith("✗ dex")));
});

test("without a terminal each change is a line; ready at once is one line, not two", () => {
  let text = "";
  const view = createEventLines(
    (part) => {
      text += part;
    },
    { paint: noPaint, verbose: false },
  );
  for (const event of [
    started,
    state(1_000, "b", "applying"),
    state(1_500, "b", "applied"),
    state(1_500, "b", "ready"),
    state(2_000, "a", "applied", { message: "0 of 1 pods ready" }),
    { type: "heartbeat", at: 3_000, ready: 1, total: 3, waitingFor: [{ node: "a", message: "starting" }] },
    state(11_000, "a", "ready"),
    { type: "retry", at: 11_000, node: "c", attempt: 2, inMs: 500, reason: "webhook is not there" },
  ] as const) {
    view.show(event as DeployEvent);
  }
  view.close();
  assert.deepEqual(text.split("\n"), [
    "    +0.5s ready    Service/auth/dex",
    "    +1.0s applied  Deployment/auth/dex: 0 of 1 pods ready",
    "    +2.0s so far   1 of 3 ready; waiting for Deployment/auth/dex (starting)",
    "   +10.0s ready    Deployment/auth/dex",
    "   +10.0s retry    Deployment/kubeflow/katib-controller in 500 ms (attempt 2): webhook is not there",
    "",
  ]);
});

test("the live view redraws in place, no more than ten times a second, and gives the cursor back", () => {
  const shell = fakeShell({ terminal: true });
  const view = createLiveView(shell.stderr, { paint: noPaint, now: () => shell.time, realTime: false });
  shell.time = 1_000;
  view.show(started);
  const first = shell.stderr.text;
  for (let index = 0; index < 50; index++) view.show(state(2_000 + index, "a", "applying"));
  assert.equal(shell.stderr.text, first);
  shell.time = 1_200;
  view.show(state(3_000, "a", "applied"));
  assert.ok(shell.stderr.text.slice(first.length).startsWith("\u001b[3A\r\u001b[J"));
  view.close();
  assert.ok(shell.stderr.text.endsWith("\u001b[?25h"));
});

test("which view: JSON when asked for, a picture on a terminal, lines elsewhere and in CI", () => {
  const viewOf = (shell: ReturnType<typeof fakeShell>, output = "text") => {
    const view = createView({ output }, shell, { realTime: false });
    view.show(started);
    view.show(state(2_000, "a", "ready"));
    view.close();
    return shell;
  };
  const json = viewOf(fakeShell(), "json");
  assert.deepEqual(
    json.stdout.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).type),
    ["started", "state"],
  );
  assert.equal(json.stderr.text, "");
  assert.ok(viewOf(fakeShell({ terminal: true })).stderr.text.includes("\u001b[?25l"));
  assert.ok(
    !viewOf(fakeShell({ terminal: true, environment: { CI: "true" } })).stderr.text.includes("\u001b[?25l"),
  );
  assert.ok(!viewOf(fakeShell()).stderr.text.includes("\u001b"));
});

test("the summary tells counts, the slowest path and the next command; a failure all its errors", () => {
  const counts = { waiting: 0, applying: 0, applied: 0, ready: 3, failed: 0, skipped: 0 };
  const summary = {
    durationMs: 24_100,
    counts,
    writes: 3,
    refused: 0,
    retries: 0,
    errors: [],
    warnings: ["w1"],
    slowestPath: [
      { node: "b", startMs: 0, readyMs: 0 },
      { node: "a", startMs: 0, readyMs: 9_000 },
    ],
  };
  const options = {
    outcome: "ready",
    objects: 3,
    nameOf: (node: string) => node,
    next: ["do this"],
    verbose: false,
  } as const;
  const good = renderSummary(summary, { ...options, realMs: 5_000 }, noPaint);
  assert.match(
    good,
    /all 3 objects are ready after 24\.1 s of simulated time \(5 s real\); 3 writes, 0 refused/,
  );
  assert.match(good, /0\.0 s to 9\.0 s {2}a/);
  assert.doesNotMatch(good, / b$/m);
  assert.match(good, /^1 warning:\n {2}w1$/m);
  assert.match(good, /next: do this\n$/);
  const errors = [
    { code: "deploy/timeout", message: "one" },
    { code: "deploy/refused", message: "two" },
  ];
  const bad = renderSummary(
    { ...summary, counts: { ...counts, ready: 1, failed: 1, skipped: 1 }, errors },
    { ...options, outcome: "failed" },
    noPaint,
  );
  assert.match(bad, /failed after 24\.1 s: 1 ready, 0 applied and not ready, 1 failed, 1 not started/);
  assert.match(bad, /error: one \[deploy\/timeout\]\nerror: two \[deploy\/refused\]/);
});
