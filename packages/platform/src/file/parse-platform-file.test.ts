import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Problem, ProblemError } from "@slipway/yaml";
import { parsePlatformFile } from "./parse-platform-file.ts";
import { platformJsonSchema } from "./schema.ts";

const head = "apiVersion: slipway.dev/v1alpha1\nkind: Platform\nmetadata: { name: acme-ml }\n";

function problemOf(text: string): Problem {
  try {
    parsePlatformFile(text, "slipway.yaml");
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    return error.problem;
  }
  throw new assert.AssertionError({ message: "it was accepted" });
}

test("the smallest file gets its defaults", () => {
  assert.deepEqual(
    parsePlatformFile(`${head}spec: { release: { path: kubeflow } }\n`, "slipway.yaml").content,
    {
      apiVersion: "slipway.dev/v1alpha1",
      kind: "Platform",
      metadata: { name: "acme-ml" },
      spec: { release: { path: "kubeflow" }, components: { add: [], drop: [] }, timeouts: {} },
    },
  );
});

test("a full file keeps what it says, times in seconds", () => {
  const {
    content: { spec },
  } = parsePlatformFile(
    `${head}spec:
  release: { git: https://example.com/manifests.git, ref: "26.03", remotes: vendor }
  components: { preset: minimal, add: [pipelines], drop: [dex] }
  cluster: { context: kind-kubeflow, kubeconfig: kubeconfig.yaml }
  timeouts: { default: 5m, istio-install: 600, katib: 1h30m }
`,
    "slipway.yaml",
  );
  assert.deepEqual(spec.timeouts, { default: 300, "istio-install": 600, katib: 5400 });
  assert.deepEqual(spec.components, { preset: "minimal", add: ["pipelines"], drop: ["dex"] });
  assert.equal(spec.cluster?.context, "kind-kubeflow");
});

test("an unknown key is refused with its place and the key that was meant", () => {
  const problem = problemOf(`${head}spec:\n  release: { path: x }\n  componets:\n    add: [katib]\n`);
  assert.equal(problem.code, "platform/unknown-key");
  assert.equal(problem.message, 'spec has no key "componets"');
  assert.deepEqual(problem.position, { file: "slipway.yaml", line: 6, column: 3 });
  assert.equal(problem.sourceLine, "  componets:");
  assert.equal(problem.next, "did you mean components?");
});

test("an unknown key without a near one lists what may stand there", () => {
  const problem = problemOf(`${head}spec:\n  release: { path: x }\n  components: { whatever: [] }\n`);
  assert.equal(problem.next, "it may hold preset, add, drop");
});

test("a component's timeout under a wrong name is refused with the right one", () => {
  const problem = problemOf(`${head}spec:\n  release: { path: x }\n  timeouts: { istio-instal: 5m }\n`);
  assert.equal(problem.code, "platform/unknown-key");
  assert.equal(problem.position?.line, 6);
  assert.equal(problem.next, "did you mean istio-install?");
});

test("a component that the catalogue does not know is refused where it is named", () => {
  const problem = problemOf(`${head}spec:\n  release: { path: x }\n  components:\n    add:\n      - katip\n`);
  assert.equal(problem.message, 'spec.components.add[0]: there is no component "katip"; did you mean katib?');
  assert.deepEqual(problem.position, { file: "slipway.yaml", line: 8, column: 9 });
});

test("all problems are told at once, in the file's order", () => {
  const problem = problemOf(
    "apiVersion: slipway.dev/v1alpha2\nkind: Platfrom\nspec:\n  release: {}\n  colour: red\n  timeouts: { dex: soon }\n",
  );
  assert.equal(problem.code, "platform/invalid");
  assert.deepEqual(
    problem.related?.map(({ message, position }) => `${position?.line}: ${message}`),
    [
      '1: apiVersion: expected "slipway.dev/v1alpha1", found "slipway.dev/v1alpha2"; did you mean slipway.dev/v1alpha1?',
      "1: metadata is missing",
      '2: kind: expected "Platform", found "Platfrom"; did you mean Platform?',
      "4: spec.release: a release is named by version, by git and ref, by path, or by starter: true",
      '5: spec has no key "colour"; it may hold release, components, cluster, timeModel, timeouts',
      '6: spec.timeouts.dex: expected a time greater than zero such as "90s" or "5m" (a bare number is seconds)',
    ],
  );
});

const wrong: [name: string, spec: string, message: string][] = [
  [
    "two sources of a release",
    "{ path: a, git: b, ref: c }",
    "spec.release: a release is named once, not by path and git",
  ],
  ["git without ref", "{ git: b }", "spec.release.git: git needs ref: a tag, branch or commit"],
  ["ref without git", "{ path: a, ref: b }", "spec.release.ref: ref belongs to git, which is not given"],
  [
    "a version and a path",
    '{ path: a, version: "26.03" }',
    "spec.release: a release is named once, not by version and path",
  ],
  [
    "a version that is none",
    "{ version: main }",
    "spec.release.version: expected a release such as 26.03 or v1.11.0; any other tag, branch or commit is named by git and ref",
  ],
  [
    "a number for a version",
    "{ version: 26.03 }",
    "spec.release.version: expected a text, found 26.03; put it in quotes",
  ],
  [
    "a number for a path",
    "{ path: 26.03 }",
    "spec.release.path: expected a text, found 26.03; put it in quotes",
  ],
  ["an empty path", '{ path: "" }', "spec.release.path: must not be empty"],
  ["nothing", "", "spec.release: expected a map, found nothing"],
];
for (const [name, release, message] of wrong) {
  test(`a release with ${name} is refused`, () => {
    assert.equal(problemOf(`${head}spec:\n  release: ${release}\n`).message, message);
  });
}

test("a kubeconfig without a context names no cluster", () => {
  const problem = problemOf(`${head}spec:\n  release: { path: x }\n  cluster: { kubeconfig: k }\n`);
  assert.equal(problem.message, "spec.cluster.context is missing");
});

test("text that is no YAML, and no text, are refused with a place", () => {
  assert.equal(problemOf("apiVersion: [").code, "yaml/syntax");
  assert.equal(problemOf("# nothing\n").code, "platform/empty");
  assert.equal(problemOf("- a\n").message, "the file: expected a map, found a list");
});

test("the JSON Schema beside the package is the one that the code gives", () => {
  const file = join(import.meta.dirname, "../../slipway.schema.json");
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(platformJsonSchema())));
});
