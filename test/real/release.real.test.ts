// Release 26.03 on the embedded cluster: what `npm test` shows with the starter platform. That all of the release comes
// up in order is shown there too, by test/scenarios/deploy-release.test.ts, and what it is built to by packages/platform.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { KubernetesObject } from "@slipway/kubernetes";
import { readYaml } from "@slipway/yaml";
import { describePlatform } from "../scenarios/platform-controllers.ts";
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

const built = fixture("golden", "26.03", "example.yaml.gz");

describe("the platform's controllers on release 26.03", { skip: skipWithout(built) }, () =>
  describePlatform({
    read: async () =>
      readYaml(gunzipSync(readFileSync(built)).toString()).map(({ value }) => value as KubernetesObject),
    counts: { objects: 675, certificates: 6, configurations: 28, runtimes: 11 },
  }),
);
