// `slipway kustomize` where it stands in for `kustomize build`: order, restrictor, files.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runInTurn } from "../support/run-in-turn.ts";
import { runSlipway, temporaryFolder } from "../support/run-slipway.ts";

const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n";
const namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: space\n";

function writeTree(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

test("the order is legacy unless --reorder none", async (context) => {
  const directory = temporaryFolder(context);
  writeTree(directory, {
    "kustomization.yaml": "resources: [a.yaml]\n",
    "a.yaml": `${service}---\n${namespace}`,
  });
  assert.equal((await runSlipway(["kustomize"], { directory })).stdout, `${namespace}---\n${service}`);
  const none = await runInTurn(["kustomize", "--reorder", "none"], { directory });
  assert.equal(none.stdout, `${service}---\n${namespace}`);
});

test("-o writes a file, or a file per object into a folder", async (context) => {
  const directory = temporaryFolder(context);
  writeTree(directory, {
    "kustomization.yaml": "resources: [a.yaml]\n",
    "a.yaml": `${service}---\n${namespace}`,
  });
  const file = await runInTurn(["kustomize", ".", "-o", "all.yaml"], { directory });
  assert.deepEqual([file.code, file.stdout], [0, ""]);
  assert.equal(readFileSync(join(directory, "all.yaml"), "utf8"), `${namespace}---\n${service}`);
  mkdirSync(join(directory, "out"));
  assert.equal((await runInTurn(["kustomize", "-o", "out"], { directory })).code, 0);
  assert.deepEqual(readdirSync(join(directory, "out")).sort(), [
    "v1_namespace_space.yaml",
    "v1_service_s.yaml",
  ]);
  assert.equal(readFileSync(join(directory, "out/v1_service_s.yaml"), "utf8"), service);
  const failed = await runInTurn(["kustomize", "-o", "nowhere/all.yaml"], { directory });
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /can't be written/);
});

test("files outside the folder need the restrictor lifted, by kustomize's name or ours", async (context) => {
  const directory = temporaryFolder(context);
  writeTree(directory, { "in/kustomization.yaml": "resources: [../a.yaml]\n", "a.yaml": service });
  assert.equal((await runInTurn(["kustomize", "in"], { directory })).code, 1);
  for (const name of ["none", "LoadRestrictionsNone"]) {
    const lifted = await runInTurn(["kustomize", "in", "--load-restrictor", name], { directory });
    assert.equal(lifted.stdout, service, lifted.stderr);
  }
});

test("flags that let a build run programs are refused with the reason", async () => {
  for (const flag of ["--enable-alpha-plugins", "--enable-exec", "--network"]) {
    const { code, stderr } = await runInTurn(["kustomize", flag]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`${flag} is refused: a build runs no plugins and no containers.*\\n +next: `),
    );
  }
});

test("charts are refused without --enable-helm, and need the program with it", async (context) => {
  const directory = temporaryFolder(context);
  writeTree(directory, { "kustomization.yaml": "helmCharts: [{name: web}]\n", "charts/web/values.yaml": "" });
  const refused = await runInTurn(["kustomize"], { directory });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /must specify --enable-helm[\s\S]*kustomization\.yaml:1:14/);
  const missing = await runInTurn(["kustomize", "--enable-helm", "--helm-command", "/nowhere/helm"], {
    directory,
  });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /\/nowhere\/helm can't be run/);
});

test("-e is taken as kustomize takes it", async (context) => {
  const directory = temporaryFolder(context);
  writeTree(directory, { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": service });
  const { code, stdout } = await runInTurn(["kustomize", "-e", "A=b", "--env", "C", "."], { directory });
  assert.deepEqual([code, stdout], [0, service]);
});

test("--enable-managedby-label labels what is built", async (context) => {
  const directory = temporaryFolder(context);
  writeTree(directory, { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": service });
  const { stdout } = await runInTurn(["kustomize", "--enable-managedby-label"], { directory });
  assert.match(stdout, /^ {4}app\.kubernetes\.io\/managed-by: kustomize-v5\.8\.1$/m);
});
