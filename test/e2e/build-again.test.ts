// `slipway build` a second time: from its cache, and on its own when something changes.
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runInTurn } from "../support/run-in-turn.ts";
import { copyStarter, runSlipway, temporaryFolder } from "../support/run-slipway.ts";

test("a build from the cache is the build without one, whatever has been edited in between", async (context) => {
  const folder = temporaryFolder(context);
  const release = copyStarter(folder);
  const environment = { XDG_CACHE_HOME: join(folder, "cache") };
  const katib = join(release, "applications/katib");
  const builds = join(folder, "cache/slipway/builds");
  const [deployment] = readdirSync(katib, { recursive: true, encoding: "utf8" })
    .filter(
      (name) => name.endsWith(".yaml") && /kind: Deployment/.test(readFileSync(join(katib, name), "utf8")),
    )
    .map((name) => join(katib, name));
  assert.ok(deployment);
  const original = readFileSync(deployment, "utf8");
  const edits = [
    () => {},
    () => {},
    () => writeFileSync(deployment, original.replace(/replicas: \d+|kind: Deployment/, "$& # edited")),
    () => writeFileSync(deployment, original.replace(/image: \S+/, "image: example.com/other:1")),
    () => writeFileSync(deployment, original),
    () => writeFileSync(join(release, "example/kustomization.yml"), ""),
    () => rmSync(join(release, "example/kustomization.yml")),
    () => rmSync(deployment),
  ];
  for (const [index, edit] of edits.entries()) {
    edit();
    const cached = await runSlipway(["build", "--release", release], { environment });
    const cold = await runInTurn(["build", "--release", release, "--no-cache"], { environment });
    assert.deepEqual(cached, cold, `edit ${index}`);
    if (index === 0) assert.equal(readdirSync(builds).length, 1);
  }
  const [entry = ""] = readdirSync(builds);
  writeFileSync(deployment, original);
  writeFileSync(join(builds, entry), readFileSync(join(builds, entry)).subarray(0, 1000));
  const damaged = await runSlipway(["build", "--release", release], { environment });
  assert.deepEqual(damaged, await runInTurn(["build", "--release", release, "--no-cache"]));
});

test("build --watch writes its file anew, prints what changed, survives an error and ends with Ctrl-C", {
  timeout: 120_000,
}, async (context) => {
  const folder = temporaryFolder(context);
  const release = copyStarter(folder);
  const file = join(folder, "platform.yaml");
  const kustomization = join(release, "common/kubeflow-namespace/base/kustomization.yaml");
  const good = readFileSync(kustomization, "utf8");
  let step = 0;
  let running: ChildProcess | undefined;
  context.after(() => running?.kill("SIGKILL"));
  const { code, stdout, stderr } = await runSlipway(
    ["build", "--release", release, "--watch", "-o", file, "--color", "never"],
    {
      onStderr: (text, child) => {
        running = child;
        if (step === 0 && text.includes("Ctrl-C ends the watch")) {
          step = 1;
          appendFileSync(kustomization, "\nlabels:\n  - pairs: {team: blue}\n");
        } else if (step === 1 && /built again in .*: \d+ objects changed/.test(text)) {
          step = 2;
          writeFileSync(kustomization, "resources: [nowhere.yaml]\n");
        } else if (step === 2 && text.includes("nowhere.yaml")) {
          step = 3;
          writeFileSync(kustomization, good);
        } else if (step === 3 && text.match(/built again/g)?.length === 2) {
          step = 4;
          child.kill("SIGINT");
        }
      },
    },
  );
  assert.equal(code, 0, stderr);
  assert.equal(step, 4, stderr);
  assert.match(
    stdout,
    /^~ Namespace\/kubeflow\n {4}metadata\.labels\.team\n {6}\+ "blue" .*kustomization\.yaml:\d+ labels\n/m,
  );
  assert.match(stdout, /- "blue"/);
  assert.ok(existsSync(file));
  const whole = await runInTurn(["build", "--release", release]);
  assert.equal(readFileSync(file, "utf8"), whole.stdout);
});
