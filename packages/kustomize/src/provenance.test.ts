import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";
import { explainField, type FieldPart, findField } from "./provenance.ts";

const files = {
  "base/kustomization.yaml":
    "resources:\n- dep.yaml\nconfigMapGenerator:\n- name: cm\n  envs:\n  - cm.env\nnamePrefix: b-\n",
  "base/cm.env": "# first\nA=1\n",
  "base/dep.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: main
        image: nginx:1
        envFrom:
        - configMapRef: {name: cm}
`,
  "top/kustomization.yaml": `resources:
- ../base
patches:
- path: patch.yaml
images:
- name: nginx
  newTag: "2"
labels:
- pairs: {team: a}
`,
  "top/patch.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n",
};

function history(kind: string, path: readonly FieldPart[]): string[] {
  const { resources } = build("/top", { fileSystem: memoryFileSystem(files) });
  const resource = resources.find(({ object }) => object.kind === kind);
  const node = resource && findField(resource.root, path);
  if (!node) throw new Error(`no ${kind} with ${JSON.stringify(path)}`);
  return explainField(node).map(
    ({ kind: what, position, value }) =>
      `${what} ${position?.file}:${position?.line} ${JSON.stringify(value)}`,
  );
}

test("a value that nothing changed comes from its line", () => {
  assert.deepEqual(history("Deployment", ["kind"]), ['source /base/dep.yaml:2 "Deployment"']);
});

test("a patch is a step at the line of the patch", () => {
  assert.deepEqual(history("Deployment", ["spec", "replicas"]), [
    "source /base/dep.yaml:6 1",
    "strategic-merge /top/patch.yaml:6 3",
  ]);
});

test("an image override and a prefix are steps at the entries that ask for them", () => {
  const image = ["spec", "template", "spec", "containers", { key: "name", value: "main" }, "image"];
  assert.deepEqual(history("Deployment", image), [
    'source /base/dep.yaml:11 "nginx:1"',
    'images /top/kustomization.yaml:7 "nginx:2"',
  ]);
  assert.deepEqual(history("Deployment", ["metadata", "name"]), [
    'source /base/dep.yaml:4 "web"',
    'namePrefix /base/kustomization.yaml:7 "b-web"',
  ]);
});

test("a followed reference points to the name that it follows", () => {
  const path = ["spec", "template", "spec", "containers", 0, "envFrom", 0, "configMapRef", "name"];
  const [first, second] = history("Deployment", path);
  assert.equal(first, 'source /base/dep.yaml:13 "cm"');
  assert.match(second ?? "", /^name-reference \/base\/kustomization\.yaml:4 "b-cm-[a-z0-9]{10}"$/);
});

test("generated data comes from the line of its file, labels from their entry", () => {
  assert.deepEqual(history("ConfigMap", ["data", "A"]), ['generator /base/cm.env:2 "1"']);
  assert.deepEqual(history("ConfigMap", ["metadata", "labels", "team"]), [
    'labels /top/kustomization.yaml:9 "a"',
  ]);
});

test("a reference to an object whose name stays as it is was decided where it is written", () => {
  const { resources } = build("/", {
    fileSystem: memoryFileSystem({
      "kustomization.yaml": "resources: [sa.yaml, binding.yaml]\nnamespace: web\n",
      "sa.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa}\n",
      "binding.yaml":
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}\nsubjects:\n- {kind: ServiceAccount, name: sa}\n",
    }),
  });
  const binding = resources.find(({ object }) => object.kind === "RoleBinding");
  const kindsOf = (field: string) => {
    const node = binding && findField(binding.root, ["subjects", 0, field]);
    return node && explainField(node).map(({ kind }) => kind);
  };
  assert.deepEqual(kindsOf("name"), ["source"]);
  assert.equal(kindsOf("namespace")?.at(-1), "name-reference");
});
