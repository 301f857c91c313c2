import assert from "node:assert/strict";
import { test } from "node:test";
import { type Problem, ProblemError } from "@slipway/yaml";
import { type BuildOptions, build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

function problemOf(
  files: Record<string, string | Uint8Array>,
  options: BuildOptions & { directory?: string } = {},
): Problem {
  const { directory = "/", ...rest } = options;
  try {
    build(directory, { fileSystem: memoryFileSystem(files), ...rest }).yaml();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error("it built");
}

const configMap = (name: string, rest = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`;

test("the same object twice names both files and the chain of kustomizations", () => {
  const problem = problemOf(
    {
      "top/kustomization.yaml": "resources:\n- ../base\n",
      "base/kustomization.yaml": "resources:\n- a.yaml\n- b.yaml\n",
      "base/a.yaml": configMap("c"),
      "base/b.yaml": `# copy\n${configMap("c")}`,
    },
    { directory: "/top" },
  );
  assert.equal(problem.code, "kustomize/duplicate-id");
  assert.equal(problem.object, "ConfigMap/c");
  assert.deepEqual(problem.position, { file: "/base/b.yaml", line: 2, column: 1 });
  assert.deepEqual(problem.related?.[0]?.position, { file: "/base/a.yaml", line: 1, column: 1 });
  assert.deepEqual(
    problem.related?.slice(1).map((one) => `${one.position?.file}:${one.position?.line}`),
    ["/base/kustomization.yaml:3", "/top/kustomization.yaml:2"],
  );
});

test("of two equal objects it is said that they are identical", () => {
  const files = (second: string) => ({
    "kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
    "a.yaml": configMap("c", "data: {x: y}\n"),
    "b.yaml": configMap("c", second),
  });
  assert.match(problemOf(files("data: {x: y} # the same\n")).related?.[0]?.message ?? "", /identical/);
  assert.doesNotMatch(JSON.stringify(problemOf(files("data: {x: z}\n"))), /identical/);
});

test("a missing directory, a file in its place, and a directory without kustomization", () => {
  assert.equal(problemOf({}, { directory: "/none" }).code, "kustomize/missing-path");
  assert.equal(problemOf({ "f.yaml": "" }, { directory: "/f.yaml" }).code, "kustomize/not-a-directory");
  assert.equal(problemOf({ "d/x.txt": "" }, { directory: "/d" }).code, "kustomize/no-kustomization");
});

test("a missing file is shown where it is listed", () => {
  const problem = problemOf({
    "kustomization.yaml": "resources:\n- there.yaml\n- gone.yaml\n",
    "there.yaml": configMap("a"),
  });
  assert.match(problem.message, /no file \/gone\.yaml/);
  assert.deepEqual(problem.position, { file: "/kustomization.yaml", line: 3, column: 3 });
  assert.equal(problem.sourceLine, "- gone.yaml");
});

test("two kustomization files in one directory are refused", () => {
  const problem = problemOf({ "kustomization.yaml": "resources: []\n", Kustomization: "resources: []\n" });
  assert.equal(problem.code, "kustomize/two-kustomizations");
});

test("an unknown key gets a suggestion at its place", () => {
  const problem = problemOf({ "kustomization.yaml": "resources: []\nnamePrefx: a\n" });
  assert.equal(problem.code, "kustomize/unknown-key");
  assert.deepEqual(problem.position, { file: "/kustomization.yaml", line: 2, column: 1 });
  assert.match(problem.next ?? "", /"namePrefix"/);
});

test("keys in another case are taken, as kustomize does", () => {
  const files = { "kustomization.yaml": "Resources: [a.yaml]\n", "a.yaml": configMap("a") };
  assert.equal(build("/", { fileSystem: memoryFileSystem(files) }).resources.length, 1);
});

test("a number where a string belongs says to quote it", () => {
  const problem = problemOf({ "kustomization.yaml": "resources: []\nimages:\n- name: a\n  newTag: 1.0\n" });
  assert.equal(problem.position?.line, 4);
  assert.match(problem.next ?? "", /"1\.0"/);
});

test("YAML that does not parse is shown with its line", () => {
  const problem = problemOf({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": "kind: A\n  b: 1\n" });
  assert.equal(problem.code, "yaml/syntax");
  assert.equal(problem.position?.file, "/a.yaml");
});

test("bases that lead back to each other are a cycle", () => {
  const problem = problemOf(
    { "a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n" },
    { directory: "/a" },
  );
  assert.equal(problem.code, "kustomize/cycle");
  assert.equal(problem.position?.file, "/b/kustomization.yaml");
});

test("a file outside the root needs the restriction lifted", () => {
  const files = {
    "k/kustomization.yaml": "resources: [../out.yaml]\n",
    "out.yaml": configMap("a"),
  };
  assert.equal(problemOf(files, { directory: "/k" }).code, "kustomize/outside-root");
  const lifted = build("/k", { fileSystem: memoryFileSystem(files), loadRestrictor: "none" });
  assert.equal(lifted.resources.length, 1);
});

test("a patch without a target that matches nothing names its id and file", () => {
  const problem = problemOf({
    "kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml}]\n",
    "a.yaml": configMap("a"),
    "p.yaml": configMap("b"),
  });
  assert.equal(problem.code, "kustomize/no-target");
  assert.match(problem.message, /ConfigMap\.v1\.\[noGrp\]\/b\.\[noNs\]/);
  assert.equal(problem.position?.file, "/p.yaml");
});

test("a patch with a target that matches nothing is a warning", () => {
  const { warnings } = build("/", {
    fileSystem: memoryFileSystem({
      "kustomization.yaml":
        "resources: [a.yaml]\npatches:\n- target: {kind: Pod}\n  patch: '- {op: remove, path: /a}'\n",
      "a.yaml": configMap("a"),
    }),
  });
  assert.deepEqual(
    warnings.map(({ code, position }) => [code, position?.line]),
    [["kustomize/no-match", 3]],
  );
});

test("strictly, what matches nothing is an error with the place of each", () => {
  const files = {
    "kustomization.yaml": `resources: [a.yaml]
patches:
- target: {labelSelector: app=none}
  patch: '- {op: remove, path: /a}'
images:
- name: nginx
  newTag: "1"
replacements:
- sourceValue: x
  targets:
  - select: {kind: Pod}
    fieldPaths: [spec.a]
`,
    "a.yaml": configMap("a"),
  };
  const { warnings } = build("/", { fileSystem: memoryFileSystem(files) });
  assert.deepEqual(
    warnings.map(({ code, position }) => [code, position?.line]),
    [
      ["kustomize/no-match", 3],
      ["kustomize/no-match", 6],
      ["kustomize/no-match", 11],
    ],
  );
  const problem = problemOf(files, { strict: true });
  assert.equal(problem.code, "kustomize/no-match");
  assert.deepEqual(
    [problem.position?.line, ...(problem.related ?? []).map(({ position }) => position?.line)],
    [3, 6, 11],
  );
  const clean = { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": configMap("a") };
  assert.equal(build("/", { fileSystem: memoryFileSystem(clean), strict: true }).resources.length, 1);
});

test("a JSON patch that does not apply is shown in the patch", () => {
  const problem = problemOf({
    "kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml, target: {name: a}}]\n",
    "a.yaml": configMap("a"),
    "p.yaml": "- op: remove\n  path: /data/x\n",
  });
  assert.equal(problem.code, "kustomize/patch-path");
  assert.deepEqual(problem.position, { file: "/p.yaml", line: 1, column: 3 });
});

test("invalid UTF-8 is refused by name", () => {
  const problem = problemOf({
    "kustomization.yaml": "resources: [a.yaml]\n",
    "a.yaml": new Uint8Array([0x61, 0x0a, 0xc3, 0xa4, 0x3a, 0xff]),
  });
  assert.equal(problem.code, "kustomize/invalid-utf8");
  assert.deepEqual(problem.position, { file: "/a.yaml", line: 2, column: 3 });
});

test("a file far too large for a cluster is refused by its size", () => {
  const problem = problemOf({
    "kustomization.yaml": "resources: [a.yaml]\n",
    "a.yaml": new Uint8Array(100 * 1024 * 1024).fill(0x61),
  });
  assert.equal(problem.code, "kustomize/too-large");
  assert.match(problem.message, /100 MiB/);
});

test("a file that can't be read says why, where it is listed", () => {
  const fileSystem = memoryFileSystem({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": "" });
  const broken = {
    ...fileSystem,
    readFile: (path: string) => {
      if (path.endsWith("a.yaml")) throw new Error("permission denied");
      return fileSystem.readFile(path);
    },
  };
  const problem = problemOf({}, { fileSystem: broken });
  assert.equal(problem.code, "kustomize/unreadable");
  assert.match(problem.message, /permission denied/);
  assert.equal(problem.position?.line, 1);
});

test("what a build does not do is refused with a way out", () => {
  const network = problemOf({ "kustomization.yaml": "resources: ['https://github.com/o/r//d?ref=v1']\n" });
  assert.equal(network.code, "kustomize/refused-network");
  const helm = problemOf({ "kustomization.yaml": "helmCharts: [{name: a}]\n" });
  assert.equal(helm.code, "kustomize/refused-helm");
  const plugin = problemOf({
    "kustomization.yaml": "transformers: [p.yaml]\n",
    "p.yaml": "apiVersion: x/v1\nkind: Mine\nmetadata: {name: a}\n",
  });
  assert.equal(plugin.code, "kustomize/refused-plugins");
  for (const problem of [network, helm, plugin]) assert.ok(problem.next);
});

test("an object without a name or a kind is refused at its place", () => {
  const run = (text: string) => problemOf({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": text });
  assert.equal(run("kind: A\nmetadata: {generateName: x}\n").code, "kustomize/no-name");
  assert.equal(run("metadata: {name: x}\n").code, "kustomize/no-kind");
});

test("two vars of one name, and a var that reads from nothing", () => {
  const entry = "- name: V\n  objref: {kind: ConfigMap, name: a, apiVersion: v1}\n";
  const files = (vars: string) => ({
    "kustomization.yaml": `resources: [a.yaml]\nvars:\n${vars}`,
    "a.yaml": configMap("a"),
  });
  assert.equal(problemOf(files(entry + entry)).code, "kustomize/duplicate-var");
  assert.equal(problemOf(files(entry.replace("name: a,", "name: b,"))).code, "kustomize/no-match");
});
