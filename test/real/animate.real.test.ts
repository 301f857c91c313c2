// `slipway cluster animate` as a user runs it, on a control plane that has no nodes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { builtin, connect, createClient, loadKubeconfig, readinessOf } from "@slipway/kubernetes";
import { buildControlPlane, skipWithoutGo } from "../control-plane/build.ts";
import { startControlPlane } from "../control-plane/control-plane.ts";
import { repositoryRoot } from "../support/fixtures.ts";

test("a bare control plane runs a Deployment once it is animated", { skip: skipWithoutGo() }, async () => {
  const plane = await startControlPlane({ binary: buildControlPlane() });
  const slipway = join(repositoryRoot, "packages/cli/bin/slipway.js");
  const target = ["--kubeconfig", plane.kubeconfig, "--context", "control-plane"];
  const animation = spawn(
    process.execPath,
    [slipway, "cluster", "animate", ...target, "--nodes", "2", "--time-scale", "0.1"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const { transport, close } = await connect(
    loadKubeconfig({ path: plane.kubeconfig }).access("control-plane"),
  );
  try {
    const [line] = (await once(createInterface(animation.stderr), "line")) as [string];
    assert.equal(line, "Animating control-plane with 2 simulated nodes; Ctrl-C ends it");
    const client = createClient({ transport, userAgent: "test" });
    assert.equal((await client.list(builtin("", "Node"))).items.length, 2);
    const labels = { app: "web" };
    const deployments = builtin("apps", "Deployment");
    await client.create(deployments, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default" },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web" }] } },
      },
    });
    const web = { namespace: "default", name: "web" };
    for (let waited = 0; waited < 20_000; waited += 100) {
      if (readinessOf(await client.get(deployments, web), { now: Date.now() }).state === "ready") break;
      await sleep(100);
    }
    assert.equal(readinessOf(await client.get(deployments, web), { now: Date.now() }).state, "ready");
    animation.kill("SIGINT");
    assert.deepEqual(await once(animation, "exit"), [0, null]);
  } finally {
    animation.kill("SIGKILL");
    await close();
    await plane.stop();
  }
});
