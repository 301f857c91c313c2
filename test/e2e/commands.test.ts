// The commands that read and print, run as a user runs them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { fixture, repositoryRoot, skipWithout } from "../support/fixtures.ts";
import { runInTurn } from "../support/run-in-turn.ts";
import { runSlipway, temporaryFolder } from "../support/run-slipway.ts";

const names = [
  "up",
  "down",
  "status",
  "build",
  "kustomize",
  "graph",
  "why",
  "explain",
  "diff",
  "validate",
  "cluster",
  "completion",
];

test("help names every command and every exit code; each command has its own", async () => {
  const help = await runSlipway(["--help"]);
  assert.equal(help.code, 0);
  assert.equal(help.stderr, "");
  for (const name of names) assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
  for (const code of [0, 1, 2, 64, 65, 69, 75, 77, 130])
    assert.match(help.stdout, new RegExp(`^ +${code}  `, "m"));
  for (const name of names) {
    const own = await runInTurn([name, "--help"]);
    assert.equal(own.code, 0, own.stderr);
    assert.match(own.stdout, new RegExp(`^Examples:\\n(  .*\\n)+\\nUsage: slipway ${name}`));
  }
});

test("the version, and the version as JSON", async () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, "packages/cli/package.json"), "utf8"));
  assert.equal((await runSlipway(["--version"])).stdout, `slipway ${version}\n`);
  const json = await runSlipway(["--version", "-o", "json"]);
  assert.equal(JSON.parse(json.stdout).version, version);
});

test("build prints YAML or a List, and nothing but data on standard output", async () => {
  const yaml = await runSlipway(["build", "--starter"]);
  assert.equal(yaml.code, 0, yaml.stderr);
  const documents = yaml.stdout.split("\n---\n").length;
  const json = await runInTurn(["build", "--starter", "-o", "json"]);
  assert.equal(JSON.parse(json.stdout).items.length, documents);
  const example = join(repositoryRoot, "packages/platform/starter/example");
  const kustomize = await runSlipway(["kustomize", example]);
  assert.equal(kustomize.stdout, yaml.stdout);
});

test("graph in each form, and why", async () => {
  const text = await runSlipway(["graph", "--starter"]);
  assert.match(text.stdout, /^\d+ objects in \d+ steps/);
  assert.match(text.stdout, /^Critical path: /m);
  const json = JSON.parse((await runInTurn(["graph", "--starter", "-o", "json"])).stdout);
  assert.equal(json.kind, "Graph");
  assert.ok(json.criticalPath.durationMs > 5_000);
  assert.match((await runInTurn(["graph", "--starter", "-o", "dot"])).stdout, /^digraph slipway \{/);
  assert.match((await runInTurn(["graph", "--starter", "-o", "mermaid"])).stdout, /^flowchart RL/);
  const why = await runSlipway(["why", "--starter", "deploy/katib-controller"]);
  assert.equal(why.code, 0, why.stderr);
  assert.match(why.stdout, /^Deployment\/kubeflow\/katib-controller is in step \d+\./);
  assert.match(why.stdout, /mounts Secret katib-webhook-cert/);
});

test("validate says what it found; status says that nothing ran yet; down has nothing to do", async (context) => {
  const directory = temporaryFolder(context);
  const valid = await runSlipway(["validate", "--starter"], { directory });
  assert.match(valid.stdout, /is valid: \d+ objects/);
  const status = await runSlipway(["status"], { directory });
  assert.equal(status.code, 64);
  assert.match(status.stderr, /nothing has been deployed from this folder yet/);
  const down = await runSlipway(["down", "--starter"], { directory });
  assert.equal(down.code, 0);
  assert.match(down.stderr, /Nothing to remove/);
});

test("completion scripts hold every command and its flags", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await runInTurn(["completion", shell]);
    assert.equal(code, 0);
    for (const name of names) assert.ok(stdout.includes(name), `${shell}: ${name}`);
    assert.match(stdout, shell === "fish" ? /-l remotes/ : /--remotes/);
  }
});

const release = fixture("upstream/26.03");
const golden = fixture("golden/26.03/example.yaml.gz");

test("26.03: build prints what kustomize prints, to the byte", { skip: skipWithout(golden) }, async () => {
  const result = await runSlipway(["build", "--release", release, "--remotes", fixture("remotes")]);
  assert.equal(result.code, 0, result.stderr);
  assert.ok(result.stdout === gunzipSync(readFileSync(golden)).toString("utf8"));
});
