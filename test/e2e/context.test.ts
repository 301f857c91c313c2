// A cluster of its own process behind a kubeconfig: up, up again, status and down over HTTPS.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { repositoryRoot } from "../support/fixtures.ts";
import { runInTurn } from "../support/run-in-turn.ts";
import { runSlipway, temporaryFolder } from "../support/run-slipway.ts";

/** Starts `slipway cluster start` and gives its kubeconfig; it is ended by Ctrl-C and must end well. */
async function startCluster(context: TestContext, directory: string): Promise<string> {
  const bin = join(repositoryRoot, "packages/cli/bin/slipway.js");
  const child = spawn(process.execPath, [bin, "cluster", "start", "-o", "json"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
  context.after(async () => {
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    assert.equal(code, 0);
  });
  const [line] = await once(child.stdout.setEncoding("utf8"), "data");
  const { kind, kubeconfig } = JSON.parse(line);
  assert.equal(kind, "Cluster");
  return kubeconfig;
}

test("up to a named context, up again, status, and down", async (context) => {
  const directory = temporaryFolder(context);
  const kubeconfig = await startCluster(context, directory);
  const target = ["--starter", "--kubeconfig", kubeconfig, "--context", "slipway"];
  const run = async (...args: readonly string[]) => {
    const result = await (args[0] === "up" ? runSlipway : runInTurn)(args, { directory });
    assert.equal(result.code, 0, result.stderr);
    return result;
  };
  const up = await run("up", ...target);
  assert.match(up.stderr, /^Cluster: context slipway$/m);
  assert.match(up.stderr, /all (\d+) objects are ready after [\d.]+ (s|ms); \1 writes, 0 refused/);
  assert.match((await run("status")).stdout, /^Cluster {2}slipway$/m);
  const again = await run("up", ...target);
  assert.match(again.stderr, /0 refused, 0 retried/);
  const unsure = await runInTurn(["down", ...target], { directory });
  assert.equal(unsure.code, 64);
  assert.match(unsure.stderr, /--confirm slipway/);
  const down = await run("down", ...target, "--confirm", "slipway");
  assert.match(down.stderr, /^\d+ objects removed/m);
  const nothing = await run("down", ...target, "--confirm", "slipway");
  assert.match(nothing.stderr, /^0 objects removed/m);
});

test("cluster start with a platform deploys it before it serves on", async (context) => {
  const directory = temporaryFolder(context);
  const bin = join(repositoryRoot, "packages/cli/bin/slipway.js");
  const child = spawn(process.execPath, [bin, "cluster", "start", "--starter", "-o", "json"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kinds: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    kinds.push(event.kind ?? event.type);
    if (event.type !== "finished") continue;
    assert.equal(event.outcome, "ready");
    child.kill("SIGINT");
  }
  assert.equal(kinds[0], "Cluster");
  assert.equal(kinds[1], "started");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  assert.equal(child.exitCode, 0);
});
