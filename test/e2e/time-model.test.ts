// Time models through the real command.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runInTurn } from "../support/run-in-turn.ts";
import { temporaryFolder } from "../support/run-slipway.ts";

const quick = `apiVersion: slipway.dev/v1alpha1
kind: TimeModel
metadata: { name: quick }
spec: { otherImages: { from: 1s, to: 1s } }
`;

test("a rehearsal goes by the model of a file, and says so first", async (context) => {
  const directory = temporaryFolder(context);
  writeFileSync(join(directory, "times.yaml"), quick);
  const up = await runInTurn(["up", "--starter", "--time-model", "times.yaml", "-o", "json"], { directory });
  assert.equal(up.code, 0, up.stderr);
  assert.match(up.stderr.split("\n")[1] ?? "", /^Times: quick, an image takes 1 s to 1 s$/);
  const [first, ...rest] = up.stdout.trimEnd().split("\n");
  assert.equal((JSON.parse(first ?? "") as { timeModel?: string }).timeModel, "quick");
  const last = JSON.parse(rest.at(-1) ?? "") as { summary: { durationMs: number } };
  assert.ok(last.summary.durationMs < 6_000, `${last.summary.durationMs} ms`);
});

test("a wrong model is refused with its place", async (context) => {
  const directory = temporaryFolder(context);
  writeFileSync(join(directory, "times.yaml"), `${quick}  images: {}\n`.replace("otherImages", "otherImage"));
  const up = await runInTurn(["up", "--starter", "--time-model", "times.yaml"], { directory });
  assert.equal(up.code, 65, up.stderr);
  assert.match(up.stderr, /times\.yaml:\d+/);
});

test("calibrating wants a cluster named, and without a file to write there is none to read", async (context) => {
  const directory = temporaryFolder(context);
  const none = await runInTurn(["cluster", "calibrate"], { directory });
  assert.equal(none.code, 64);
  assert.match(none.stderr, /which cluster\?/);
  const absent = await runInTurn(["up", "--starter", "--time-model", "absent.yaml"], { directory });
  assert.match(absent.stderr, /absent\.yaml cannot be read/);
});
