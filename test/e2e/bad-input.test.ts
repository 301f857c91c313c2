// Bad input gets a clear error and a documented exit code, and changes nothing.
import assert from "node:assert/strict";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startFakeApiServer, writeKubeconfig } from "../support/fake-api-server.ts";
import { runInTurn } from "../support/run-in-turn.ts";
import { copyStarter, type Finished, runSlipway, temporaryFolder } from "../support/run-slipway.ts";

/** Runs `up` in an empty folder and expects the exit code, every text, no data and no trace on disk. */
async function refuses(
  folder: string,
  args: readonly string[],
  expected: { readonly code: number; readonly says: readonly (string | RegExp)[] },
): Promise<Finished> {
  const result = await runInTurn(["up", ...args], { directory: folder });
  assert.equal(result.code, expected.code, result.stderr);
  for (const text of expected.says) {
    if (typeof text === "string")
      assert.ok(result.stderr.includes(text), `no "${text}" in:\n${result.stderr}`);
    else assert.match(result.stderr, text);
  }
  assert.equal(result.stdout, "");
  assert.doesNotMatch(result.stderr, /\n\s+at /, "no stack");
  assert.ok(!existsSync(join(folder, ".slipway")), "no run was begun");
  return result;
}

/** A slipway.yaml of the starter with more lines in its spec. */
function platformFile(folder: string, ...lines: readonly string[]): string {
  const file = join(folder, "slipway.yaml");
  const head = ["apiVersion: slipway.dev/v1alpha1", "kind: Platform", "metadata: {name: test}", "spec:"];
  writeFileSync(file, [...head, "  release: {starter: true}", ...lines, ""].join("\n"));
  return file;
}

test("a missing release, and a folder that is none", async (context) => {
  const folder = temporaryFolder(context);
  await refuses(folder, ["--release", "nowhere"], {
    code: 65,
    says: ["there is no folder", "nowhere", "[release/not-found]", "next:"],
  });
  mkdirSync(join(folder, "empty"));
  await refuses(folder, ["--release", "empty"], {
    code: 65,
    says: ["is no Kubeflow release", "example/kustomization.yaml", "[release/not-a-release]"],
  });
});

test("a missing slipway.yaml, and one that is no YAML: file, line, column and the line itself", async (context) => {
  const folder = temporaryFolder(context);
  await refuses(folder, ["-f", "nope.yaml"], { code: 65, says: ["there is no file nope.yaml"] });
  writeFileSync(
    join(folder, "slipway.yaml"),
    "apiVersion: slipway.dev/v1alpha1\nkind: [Platform\nspec: {}\n",
  );
  await refuses(folder, [], {
    code: 65,
    says: ["[yaml/syntax]", /--> slipway\.yaml:\d+:\d+/, /\d+ \| /, "^"],
  });
});

test("an unknown key, with what was meant; the same as JSON", async (context) => {
  const folder = temporaryFolder(context);
  platformFile(folder, "  componets: {drop: [katib]}");
  await refuses(folder, [], {
    code: 65,
    says: [
      '"componets"',
      "--> slipway.yaml:6:3",
      "6 |   componets: {drop: [katib]}",
      "did you mean components?",
    ],
  });
  const json = await runSlipway(["up", "-o", "json"], { directory: folder });
  assert.equal(json.code, 65);
  const document = JSON.parse(json.stdout);
  assert.equal(document.kind, "Error");
  assert.equal(document.code, "platform/unknown-key");
  assert.deepEqual(document.position, { file: "slipway.yaml", line: 6, column: 3 });
});

test("an unknown component in slipway.yaml", async (context) => {
  const folder = temporaryFolder(context);
  platformFile(folder, "  components: {drop: [katibb]}");
  await refuses(folder, [], { code: 65, says: ["katibb", "katib", /slipway\.yaml:6:\d+/] });
});

test("YAML in the release that does not parse, and a kustomization that does not build", async (context) => {
  const folder = temporaryFolder(context);
  const release = copyStarter(folder);
  const broken = join(release, "common/dex/base");
  const original = readFileSync(join(broken, "kustomization.yaml"), "utf8");
  writeFileSync(join(broken, "kustomization.yaml"), `${original}\n  : [\n`);
  await refuses(folder, ["--release", "release"], {
    code: 65,
    says: [/release\/common\/dex\/base\/kustomization\.yaml:\d+:\d+/],
  });
  writeFileSync(
    join(broken, "kustomization.yaml"),
    original.replace("resources:", "resources:\n  - not-there.yaml"),
  );
  await refuses(folder, ["--release", "release"], {
    code: 65,
    says: ["not-there.yaml", /common\/dex\/base\/kustomization\.yaml:\d+:\d+/, "- not-there.yaml"],
  });
});

test("the same object twice, naming both files", async (context) => {
  const folder = temporaryFolder(context);
  const release = copyStarter(folder);
  const installs = join(release, "applications/katib/upstream/installs/katib-cert-manager");
  const certificate = readFileSync(join(installs, "certificate.yaml"), "utf8");
  writeFileSync(join(installs, "again.yaml"), certificate);
  appendFileSync(join(installs, "kustomization.yaml"), "  - again.yaml\n");
  await refuses(folder, ["--release", "release"], {
    code: 65,
    says: ["katib-selfsigned-issuer", /again\.yaml:\d+/, /certificate\.yaml:\d+/],
  });
});

test("a custom resource without its definition, with what may have been meant", async (context) => {
  const folder = temporaryFolder(context);
  const release = copyStarter(folder);
  const file = join(release, "applications/katib/upstream/installs/katib-cert-manager/certificate.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("kind: Certificate", "kind: Certifcate"));
  await refuses(folder, ["--release", "release"], {
    code: 65,
    says: [
      "[graph/unknown-kind]",
      "Certifcate",
      /certificate\.yaml:\d+/,
      "Did you mean Certificate.cert-manager.io?",
    ],
  });
});

test("a circle of objects that need each other, with the shortest loop and its reasons", async (context) => {
  const folder = temporaryFolder(context);
  const release = copyStarter(folder);
  const file = join(release, "applications/katib/upstream/installs/katib-cert-manager/certificate.yaml");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace("selfSigned: {}", "ca: {secretName: katib-webhook-cert}"),
  );
  await refuses(folder, ["--release", "release"], {
    code: 65,
    says: [
      "[graph/cycle]",
      "3 objects wait for each other",
      "spec.ca.secretName names Secret kubeflow/katib-webhook-cert",
      "spec.issuerRef names Issuer katib-selfsigned-issuer",
    ],
  });
});

test("a cluster that can't be reached, and a context that is not there", async (context) => {
  const folder = temporaryFolder(context);
  const kubeconfig = writeKubeconfig(folder, "https://127.0.0.1:1");
  await refuses(folder, ["--starter", "--kubeconfig", kubeconfig, "--context", "test"], {
    code: 69,
    says: ["Cluster: context test", "https://127.0.0.1:1", "[cluster/refused]"],
  });
  await refuses(folder, ["--starter", "--kubeconfig", kubeconfig, "--context", "tets"], {
    code: 65,
    says: ["[cluster/unknown-context]", "test"],
  });
  await refuses(folder, ["--starter", "--kubeconfig", kubeconfig], {
    code: 64,
    says: ["without --context", "name one of its contexts: test"],
  });
});

/** A cluster that answers `/version` so, and 401 to all else when asked to. */
async function cluster(context: TestContext, folder: string, minor: string, refuseAll: boolean) {
  return startFakeApiServer(context, folder, (path) => {
    if (refuseAll && path !== "/version") {
      return { status: 401, body: { kind: "Status", status: "Failure", reason: "Unauthorized", code: 401 } };
    }
    return { status: 200, body: { major: "1", minor, gitVersion: `v1.${minor}.0` } };
  });
}

test("a cluster that refuses the credentials, and one that is too old, get no write", async (context) => {
  const folder = temporaryFolder(context);
  const strict = await cluster(context, folder, "34", true);
  await refuses(folder, ["--starter", "--kubeconfig", strict.kubeconfig, "--context", "test"], {
    code: 77,
    says: ["does not accept the credentials", "[cluster/unauthorized]"],
  });
  const old = await cluster(context, folder, "28", false);
  await refuses(folder, ["--starter", "--kubeconfig", old.kubeconfig, "--context", "test"], {
    code: 69,
    says: ["v1.28.0", "oldest that is supported", "[cluster/too-old]"],
  });
  for (const request of [...strict.requests, ...old.requests]) assert.match(request, /^GET /);
});

test("a full disk behind standard output", { skip: !existsSync("/dev/full") && "no /dev/full" }, async () => {
  const full = openSync("/dev/full", "w");
  const result = await runSlipway(["build", "--starter"], { stdout: full });
  closeSync(full);
  assert.equal(result.code, 1, result.stderr);
  assert.match(result.stderr, /standard output: .*no space left/i);
});

test("mistyped commands, flags and objects: exit code 64 and what was meant", async () => {
  const cases = [
    { args: ["graf"], says: /did you mean slipway graph\?/ },
    { args: ["up", "--realese", "x"], says: /Did you mean --release\?/ },
    { args: ["graph", "-o", "xml"], says: /Allowed choices are text, json, dot, mermaid/ },
    { args: ["up", "--seed", "many"], says: /is no whole number/ },
    {
      args: ["why", "--starter", "deploy/ml-pipelin"],
      says: /did you mean .*Deployment\/kubeflow\/ml-pipeline/,
    },
    { args: ["why", "--starter", "deploi/ml-pipeline"], says: /did you mean "deploy"\?/ },
  ];
  for (const { args, says } of cases) {
    const result = await runInTurn(args);
    assert.equal(result.code, 64, `${args.join(" ")}: ${result.stderr}`);
    assert.match(result.stderr, says);
    assert.equal(result.stdout, "");
  }
});
