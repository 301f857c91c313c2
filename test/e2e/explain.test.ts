// Where fields come from, what differs between two builds and what is deprecated, asked as a user asks.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fixture, repositoryRoot, skipWithout } from "../support/fixtures.ts";
import { runInTurn } from "../support/run-in-turn.ts";
import { copyStarter, temporaryFolder } from "../support/run-slipway.ts";

const starter = join(repositoryRoot, "packages/platform/starter");

interface Moment {
  readonly step: string;
  readonly file: string;
  readonly line: number;
  readonly value?: unknown;
}

async function explain(...args: string[]): Promise<{ history: Moment[]; kustomizations: string[] }> {
  const { code, stdout, stderr } = await runInTurn(["explain", ...args, "-o", "json"]);
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout);
}

test("a field of the starter comes from the line that holds its value", async () => {
  const { history } = await explain("--starter", "deploy/kubeflow/katib-controller", "metadata.name");
  const [first] = history;
  assert.equal(first?.step, "source");
  const line = readFileSync(join(starter, first?.file ?? ""), "utf8").split("\n")[(first?.line ?? 0) - 1];
  assert.ok(line?.includes(`name: ${first?.value}`), line);
});

test("an object has the chain of kustomizations that it passed, innermost first", async () => {
  const { kustomizations } = await explain("--starter", "deploy/kubeflow/katib-controller");
  assert.match(kustomizations[0] ?? "", /^applications\/katib\//);
  assert.equal(kustomizations.at(-1), "example/kustomization.yaml");
});

test("the data of a Secret is never shown, its lines are", async () => {
  const built = JSON.parse((await runInTurn(["build", "--starter", "-o", "json"])).stdout);
  const secrets = built.items.filter(
    (item: { kind: string; data?: object; stringData?: object }) =>
      item.kind === "Secret" && Object.keys({ ...item.data, ...item.stringData }).length > 0,
  );
  assert.ok(secrets.length > 0);
  for (const { metadata, data, stringData } of secrets.slice(0, 3)) {
    const field = data ? "data" : "stringData";
    const name = `secret/${metadata.namespace}/${metadata.name}`;
    const { code, stdout } = await runInTurn(["explain", "--starter", name, field]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /:\d+ +\S+ +"hidden \([0-9a-f]{8}\)"/);
    for (const value of Object.values({ ...data, ...stringData })) {
      if (value !== "") assert.ok(!stdout.includes(JSON.stringify(value)), name);
      const plain = Buffer.from(String(value), "base64").toString("utf8");
      if (data && plain !== "") assert.ok(!stdout.includes(JSON.stringify(plain)), name);
    }
  }
});

test("an unknown object and an unknown field are usage errors that say what is meant", async () => {
  const object = await runInTurn(["explain", "--starter", "deploy/katib-controler"]);
  assert.equal(object.code, 64);
  assert.match(object.stderr, /did you mean Deployment\/kubeflow\/katib-controller\?/);
  const field = await runInTurn(["explain", "--starter", "deploy/katib-controller", "spec.replicsa"]);
  assert.equal(field.code, 64);
  assert.match(field.stderr, /has no field spec\.replicsa.*\n +next: did you mean spec\.replicas/);
});

const release = fixture("upstream/26.03");
const releaseFlags = ["--release", release, "--remotes", fixture("remotes")];

test("26.03: an image override is a step after the file's own value", {
  skip: skipWithout(release),
}, async () => {
  const field = "spec.template.spec.containers[name=katib-controller].image";
  const { history } = await explain(...releaseFlags, "deploy/katib-controller", field);
  assert.deepEqual(
    history.map(({ step, value }) => [step, value]),
    [
      ["source", "ghcr.io/kubeflow/katib/katib-controller"],
      ["images", "ghcr.io/kubeflow/katib/katib-controller:v0.19.0"],
      // A second kustomization above asks for the same: it is the place to change.
      ["images", "ghcr.io/kubeflow/katib/katib-controller:v0.19.0"],
    ],
  );
  for (const { file, line, value } of history) {
    const text = readFileSync(join(release, file), "utf8").split("\n");
    const near = text.slice(line - 3, line + 2).join("\n");
    assert.ok(near.includes(String(value).replace(/:v0.19.0$/, "")), near);
  }
});

test("diff tells a label that came with the place that asks for it", async (context) => {
  const changed = copyStarter(temporaryFolder(context));
  const path = "common/kubeflow-namespace/base/kustomization.yaml";
  const text = readFileSync(join(changed, path), "utf8");
  writeFileSync(join(changed, path), `${text}\nlabels:\n  - pairs: {team: blue}\n`);
  const same = await runInTurn(["diff", "--build", "starter", starter, "--exit-code"]);
  assert.equal(same.code, 0, same.stderr);
  assert.equal(same.stdout, "The two builds are the same.\n");
  const result = await runInTurn(["diff", "--build", "starter", changed, "--exit-code", "-o", "json"]);
  assert.equal(result.code, 2, result.stderr);
  const { changes } = JSON.parse(result.stdout);
  const namespace = changes.find(({ object }: { object: string }) => object === "Namespace/kubeflow");
  assert.equal(namespace.change, "changed");
  const [field] = namespace.fields;
  assert.equal(field.field, "metadata.labels.team");
  assert.equal(field.before, undefined);
  assert.equal(field.after.value, "blue");
  assert.equal(field.after.step, "labels");
  assert.equal(field.after.file, path);
});

test("diff without --build says what to type", async () => {
  const result = await runInTurn(["diff", "starter", "starter"]);
  assert.equal(result.code, 64);
  assert.match(result.stderr, /next: slipway diff --build starter starter/);
});

test("26.03: build tells each deprecated field once, with a count", {
  skip: skipWithout(release),
}, async () => {
  const { code, stderr } = await runInTurn(["build", ...releaseFlags, "-o", "json"]);
  assert.equal(code, 0, stderr);
  const told = [
    ...stderr.matchAll(/^warning: '(\w+)' is deprecated\..* \((?:\d+ times, first at )?\S+:\d+\)$/gm),
  ];
  const fields = told.map(([, field]) => field);
  assert.ok(fields.includes("vars") && fields.includes("bases"), stderr);
  assert.equal(new Set(fields).size, fields.length);
});
