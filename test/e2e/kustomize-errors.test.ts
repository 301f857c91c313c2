// What is wrong with a kustomization, told by the real command: the cause with its line, the way there, what to do.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { runInTurn } from "../support/run-in-turn.ts";
import { temporaryFolder } from "../support/run-slipway.ts";

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

function writeTree(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder(context);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Builds `k` and expects exit code 1, these texts in this order, no stack and no output. */
async function refuses(
  directory: string,
  says: readonly (string | RegExp)[],
  ...flags: readonly string[]
): Promise<void> {
  const result = await runInTurn(["kustomize", "k", ...flags], { directory });
  assert.equal(result.code, 1, result.stderr);
  assert.equal(result.stdout, "");
  assert.doesNotMatch(result.stderr, /\n\s+at /, "no stack");
  assert.equal(result.stderr.match(/error:/g)?.length, 1, "one error");
  let rest = result.stderr;
  for (const text of says) {
    const at = typeof text === "string" ? rest.indexOf(text) : rest.search(text);
    assert.ok(at >= 0, `${text} is not (or not there) in:\n${result.stderr}`);
    rest = rest.slice(at);
  }
}

test("bases in a circle", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources:\n- ../b\n",
    "b/kustomization.yaml": "resources:\n- ../k\n",
  });
  await refuses(directory, [
    "cycle detected",
    "--> b/kustomization.yaml:2:3",
    "2 | - ../k",
    "^",
    "note: built for ../b, which k/kustomization.yaml lists (k/kustomization.yaml:2:3)",
    "next:",
  ]);
});

test("a file outside of the root, directly and by a link", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources: [../out.yaml]\n",
    "out.yaml": configMap,
  });
  await refuses(directory, [
    "'k/../out.yaml'".replace("k/../", ""),
    "--> k/kustomization.yaml:1:13",
    "next:",
  ]);
  symlinkSync("../out.yaml", join(directory, "k/link.yaml"));
  writeFileSync(join(directory, "k/kustomization.yaml"), "resources: [link.yaml]\n");
  await refuses(directory, ["[kustomize/outside-root]", "--> k/kustomization.yaml:1:13"]);
});

test("links in a loop: files, folders, and a folder that holds itself", async (context) => {
  const directory = writeTree(context, { "k/kustomization.yaml": "resources: [a.yaml]\n" });
  symlinkSync("b.yaml", join(directory, "k/a.yaml"));
  symlinkSync("a.yaml", join(directory, "k/b.yaml"));
  await refuses(directory, ["links form a loop", "--> k/kustomization.yaml:1:13"]);
  symlinkSync(".", join(directory, "k/itself"));
  writeFileSync(join(directory, "k/kustomization.yaml"), "resources: [itself]\n");
  await refuses(directory, ["cycle detected", "--> k/kustomization.yaml:1:13"]);
});

test("a file of 100 MB, invalid UTF-8, and aliases that expand without measure", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources: [a.yaml]\n",
    "k/a.yaml": Buffer.alloc(100 * 1024 * 1024, "a"),
  });
  await refuses(directory, ["k/a.yaml has 100 MiB", "note: built for a.yaml", "k/kustomization.yaml:1:13"]);
  writeFileSync(join(directory, "k/a.yaml"), Buffer.from([...Buffer.from("kind: A\nname: "), 0xff, 0xfe]));
  await refuses(directory, ["k/a.yaml is not valid UTF-8", "--> k/a.yaml:2:7", "2 | name: ", "^", "next:"]);
  const rows = [..."bcdefghijk"].map((name, index) => {
    const before = "abcdefghijk"[index];
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(",")}]\n`;
  });
  writeFileSync(join(directory, "k/a.yaml"), `${configMap}a: &a [x,x,x,x,x,x,x,x,x]\n${rows.join("")}`);
  await refuses(directory, [/aliases of this file expand/, /--> k\/a\.yaml:\d+:\d+/, "^"]);
});

test("a directory without a kustomization, and one with two", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources:\n- sub\n",
    "k/sub/a.yaml": configMap,
  });
  await refuses(directory, [
    "k/sub holds none of kustomization.yaml",
    "--> k/kustomization.yaml:2:3",
    "next:",
  ]);
  for (const name of ["kustomization.yml", "Kustomization"]) {
    writeFileSync(join(directory, "k/sub", name), "resources: [a.yaml]\n");
  }
  await refuses(directory, [
    "k/sub holds both kustomization.yml and Kustomization",
    "--> k/kustomization.yaml:2:3",
    "next: Keep one of them",
  ]);
});

test("the same object twice: both places, and whether they are identical", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources: [a.yaml, ../b]\n",
    "k/a.yaml": configMap,
    "b/kustomization.yaml": "resources: [a.yaml]\n",
    "b/a.yaml": `# a copy\n${configMap}`,
  });
  await refuses(directory, [
    "--> b/a.yaml:2:1",
    "object: ConfigMap/a",
    "already defined here, identical (k/a.yaml:1:1)",
    "note: built for ../b, which k/kustomization.yaml lists",
    "next: Remove one of the two",
  ]);
});

test("YAML that is none, with file, line and column", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources: [a.yaml]\n",
    "k/a.yaml": "kind: A\nmetadata:\n  name: [x\n",
  });
  await refuses(directory, [
    "[yaml/syntax]",
    /--> k\/a\.yaml:\d+:\d+/,
    "^",
    "note: built for a.yaml, which k/kustomization.yaml lists",
  ]);
});

test("a remote base says where a copy would have to lie", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources: ['https://github.com/o/r//d?ref=v1']\n",
  });
  await refuses(directory, ["--> k/kustomization.yaml:1:14", "github.com/o/r@v1/d"]);
  mkdirSync(join(directory, "copies"));
  await refuses(directory, ["next: Put a copy at copies/github.com/o/r@v1/d"], "--remotes", "copies");
});

test("what matches nothing is a warning with its place, and with --strict an error", async (context) => {
  const directory = writeTree(context, {
    "k/kustomization.yaml": "resources: [a.yaml]\nimages:\n- name: nginx\n  newTag: '1'\n",
    "k/a.yaml": configMap,
  });
  const warned = await runInTurn(["kustomize", "k"], { directory });
  assert.deepEqual(
    [warned.code, warned.stderr],
    [0, "warning: no image matches nginx (k/kustomization.yaml:3:3)\n"],
  );
  await refuses(
    directory,
    ["no image matches nginx [kustomize/no-match]", "--> k/kustomization.yaml:3:3"],
    "--strict",
  );
});

test("deprecated fields are told once each, with a count", async (context) => {
  const bases = ["a", "b", "c"].map((name) => [
    `${name}/kustomization.yaml`,
    `namePrefix: ${name}-\ncommonLabels: {team: one}\nresources: [a.yaml]\n`,
  ]);
  const files = ["a", "b", "c"].map((name) => [`${name}/a.yaml`, configMap]);
  const directory = writeTree(context, {
    "k/kustomization.yaml": "bases: [../a, ../b, ../c]\n",
    ...Object.fromEntries([...bases, ...files]),
  });
  const { stderr } = await runInTurn(["kustomize", "k"], { directory });
  assert.deepEqual(stderr.split("\n"), [
    "warning: 'commonLabels' is deprecated. Please use 'labels' instead (3 times, first at a/kustomization.yaml:2)",
    "warning: 'bases' is deprecated. Please use 'resources' instead (k/kustomization.yaml:1)",
    "",
  ]);
});

test("slipway build takes --strict too", async (context) => {
  const directory = writeTree(context, {
    "release/example/kustomization.yaml":
      "resources: [../common/kubeflow-namespace/base]\nimages: [{name: nginx, newTag: '1'}]\n",
    "release/common/kubeflow-namespace/base/kustomization.yaml": "resources: [a.yaml]\n",
    "release/common/kubeflow-namespace/base/a.yaml": configMap,
  });
  const warned = await runInTurn(["build", "--release", "release"], { directory });
  assert.equal(warned.code, 0, warned.stderr);
  assert.match(warned.stderr, /warning: example\/kustomization\.yaml:2: no image matches nginx/);
  const strict = await runInTurn(["build", "--release", "release", "--strict"], { directory });
  assert.equal(strict.code, 65);
  assert.match(
    strict.stderr,
    /no image matches nginx \[kustomize\/no-match\]\n {2}--> release\/example\/kustomization\.yaml:2:/,
  );
});
