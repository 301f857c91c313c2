// `slipway up` as a user runs it, on the embedded cluster.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventsOf } from "../support/printed-events.ts";
import { runInTurn } from "../support/run-in-turn.ts";
import { copyStarter, runSlipway, temporaryFolder } from "../support/run-slipway.ts";

test("with nothing at all it deploys the starter to the embedded cluster, and status tells of it", async (context) => {
  const directory = temporaryFolder(context);
  // A kubeconfig with a current context must not be touched.
  const environment = { KUBECONFIG: "/nonexistent/kubeconfig" };
  const up = await runSlipway(["up"], { directory, environment });
  assert.equal(up.code, 0, up.stderr);
  assert.equal(up.stdout, "", "progress is no data");
  assert.match(up.stderr, /^Cluster: the embedded one, simulated time/);
  assert.match(up.stderr, /^Release: starter, \d+ objects of \d+ components in \d+ namespaces$/m);
  assert.ok(!up.stderr.includes("\u001b"), "no escape sequences without a terminal");
  assert.match(up.stderr, /^ +\+[\d.]+s ready {4}Deployment\/kubeflow\/ml-pipeline$/m);
  assert.match(up.stderr, /all \d+ objects are ready after .* of simulated time/);
  assert.match(up.stderr, /\d+ writes, 0 refused, 0 retried/);
  assert.match(up.stderr, /^Slowest path:$/m);
  assert.match(up.stderr, /^next: /m);
  assert.ok(existsSync(join(directory, ".slipway/runs")));
  const status = await runInTurn(["status"], { directory });
  assert.equal(status.code, 0, status.stderr);
  assert.match(status.stdout, /^Outcome {2}ready after /m);
  assert.match(status.stdout, /katib +(\d+)\/\1 ready/);
});

test("-o json prints events only, the same for one seed; components are dropped and added by name", async (context) => {
  const run = async () => {
    const directory = temporaryFolder(context);
    const chosen = ["--starter", "--drop", "katib", "--add", "model-registry"];
    const args = ["up", ...chosen, "-o", "json", "--seed", "7"];
    const { code, stdout, stderr } = await runInTurn(args, { directory });
    assert.equal(code, 0, stderr);
    // Only the run's name, which is its real time, may differ.
    return eventsOf(stdout).map((event) => ({ ...event, run: undefined }));
  };
  const [first, second] = [await run(), await run()];
  assert.equal(first[0]?.type, "started");
  assert.equal(first.at(-1)?.type, "finished");
  assert.equal(first.at(-1)?.outcome, "ready");
  assert.deepEqual(second, first);
  const names = new Set(first[0].nodes?.map(({ name }) => name));
  assert.ok(names.has("Deployment/kubeflow/model-registry-deployment"));
  assert.ok(!names.has("Deployment/kubeflow/katib-controller"));
});

test("Ctrl-C: the first stops in order and says where things stand, exit code 130", async (context) => {
  const directory = temporaryFolder(context);
  let sent = false;
  const up = await runSlipway(["up", "--starter", "--real-time"], {
    directory,
    onStderr(text, child) {
      if (sent || !text.includes("ready    Namespace/kubeflow")) return;
      sent = true;
      child.kill("SIGINT");
    },
  });
  assert.equal(up.code, 130, up.stderr);
  assert.match(up.stderr, /stopping interrupted.*: \d+ of \d+ objects are applied/);
  assert.match(
    up.stderr,
    /stopped after .*: \d+ ready, \d+ applied and not ready, 0 failed, \d+ not started/,
  );
  const status = await runInTurn(["status"], { directory });
  assert.match(status.stdout, /^Outcome {2}stopped/m);
});

test("Ctrl-C twice ends at once with 130", async (context) => {
  const directory = temporaryFolder(context);
  let sent = 0;
  const up = await runSlipway(["up", "--starter", "--real-time"], {
    directory,
    onStderr(text, child) {
      if (sent === 0 && text.includes("ready    Namespace/kubeflow")) {
        sent = 1;
        child.kill("SIGINT");
        setImmediate(() => child.kill("SIGINT"));
      }
    },
  });
  assert.equal(up.code, 130, up.stderr);
});

test("what never becomes ready is told with its cause and file; timing out has its own exit code", async (context) => {
  const directory = temporaryFolder(context);
  const file = join(copyStarter(directory), "common/dex/base/dex.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("name: dex-oidc-client", "name: dex-nowhere"));
  const up = await runInTurn(["up", "--release", "release"], { directory });
  assert.equal(up.code, 75, up.stderr);
  assert.match(up.stderr, /^warning: Secret\/auth\/dex-nowhere is not in the release/m);
  assert.match(
    up.stderr,
    /error: Deployment\/auth\/dex is not ready after .*secret "dex-nowhere" not found.*deploy\/timeout/,
  );
  assert.match(up.stderr, /--> common\/dex\/base\/dex\.yaml:\d+:1/);
  assert.match((await runInTurn(["status"], { directory })).stdout, /^ {2}failed +Deployment\/auth\/dex/m);
});
