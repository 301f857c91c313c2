import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ProblemError } from "@slipway/yaml";
import type { DeployEvent } from "./events.ts";
import { createJournal } from "./journal.ts";
import { readLastRun } from "./last-run.ts";

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  folders.push(folder);
  return folder;
}

const started: DeployEvent = {
  type: "started",
  at: 1_000,
  version: "1.0",
  run: "b",
  cluster: "c",
  release: "r",
  objects: 2,
  nodes: [
    { node: "one", name: "Namespace/one" },
    { node: "two", name: "ConfigMap/one/two" },
  ],
};
const state = (node: string, to: "applying" | "ready"): DeployEvent => ({
  type: "state",
  at: 2_000,
  node,
  state: to,
});

test("events are on disk as soon as they are recorded, and the last run is read from them", () => {
  const directory = emptyFolder();
  assert.equal(readLastRun(directory), undefined);
  const older = createJournal({ directory, run: "a" });
  older.record({ ...started, run: "a" });
  older.close();
  const journal = createJournal({ directory, run: "b" });
  journal.record(started);
  journal.record(state("one", "ready"));
  journal.record(state("two", "applying"));
  assert.equal(readFileSync(journal.path, "utf8").split("\n").length, 4);
  const run = readLastRun(directory);
  assert.deepEqual(
    [run?.run, run?.outcome, run?.startedAt, run?.lastAt, run?.nodes.map((node) => node.state)],
    ["b", "interrupted", 1_000, 2_000, ["ready", "applying"]],
  );
  journal.close();
});

test("a line that a crash cut short is passed over", () => {
  const directory = emptyFolder();
  const journal = createJournal({ directory, run: "b" });
  journal.record(started);
  journal.close();
  appendFileSync(journal.path, '{"type":"state","at":3');
  assert.equal(readLastRun(directory)?.nodes[0]?.state, "waiting");
});

test("a full disk is said in words", () => {
  const full = () => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  };
  const journal = createJournal({ directory: emptyFolder(), run: "b", write: full });
  assert.throws(
    () => journal.record(started),
    ({ problem }: ProblemError) =>
      problem.code === "journal/disk-full" && /free some space/.test(problem.next ?? ""),
  );
  journal.close();
});

test("a journal is never written over", () => {
  const directory = emptyFolder();
  createJournal({ directory, run: "b" }).close();
  assert.throws(() => createJournal({ directory, run: "b" }), { name: "ProblemError" });
});
