// Release 26.03 on the embedded cluster as a user deploys it. That all of it comes up in order is also shown by
// test/scenarios/deploy-release.test.ts, and what it is built to by packages/platform, both in `npm test`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture, skipWithout } from "../support/fixtures.ts";
import { eventsOf } from "../support/printed-events.ts";
import { runSlipway, temporaryFolder } from "../support/run-slipway.ts";

const release = fixture("upstream/26.03");

test("26.03: all 675 objects ready, none refused", { skip: skipWithout(release) }, async (context) => {
  const directory = temporaryFolder(context);
  const args = ["up", "--release", release, "--remotes", fixture("remotes"), "-o", "json"];
  const { code, stdout, stderr } = await runSlipway(args, { directory });
  assert.equal(code, 0, stderr);
  const finished = eventsOf(stdout).at(-1);
  assert.equal(finished?.outcome, "ready");
  assert.equal(finished.summary?.refused, 0);
  assert.equal(finished.summary.retries, 0);
  const states = Object.entries(finished.summary.counts).filter(([, count]) => count > 0);
  assert.deepEqual(states, [["ready", 675]]);
});
