import assert from "node:assert/strict";
import { test } from "node:test";
import { type BuildOptions, build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

/** Builds files given as text; the kustomization may be left bare of its header. */
function yamlOf(files: Record<string, string>, options: BuildOptions & { directory?: string } = {}): string {
  const { directory = "/", ...rest } = options;
  return build(directory, { fileSystem: memoryFileSystem(files), reorder: "none", ...rest }).yaml();
}

const configMap = (name: string, rest = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`;
const pod = `apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
  - name: main
    image: nginx:1.7
    envFrom:
    - configMapRef: {name: cm}
`;

test("a prefix renames objects and the references to them", () => {
  const out = yamlOf({
    "kustomization.yaml": "namePrefix: a-\nresources: [cm.yaml, pod.yaml]\n",
    "cm.yaml": configMap("cm"),
    "pod.yaml": pod,
  });
  assert.match(out, /name: a-cm\n---/);
  assert.match(out, /configMapRef:\n {8}name: a-cm/);
});

test("a namespace is set on namespaced objects only, and Namespace objects take its name", () => {
  const out = yamlOf({
    "kustomization.yaml": "namespace: here\nresources: [all.yaml]\n",
    "all.yaml": `${configMap("cm")}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: old\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: r\n`,
  });
  assert.equal(
    out,
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\n  namespace: here\n---\n" +
      "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: here\n---\n" +
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: r\n",
  );
});

test("generated ConfigMaps carry the hash that kustomize computes", () => {
  const out = yamlOf({
    "kustomization.yaml":
      "configMapGenerator:\n- name: bob\n  literals:\n  - fruit=Indian Gooseberry\n  - year=2020\n  - crisis=true\n",
  });
  assert.match(out, /name: bob-79t79mt227\n/);
});

test("a generator merges into what a base has generated", () => {
  const out = yamlOf(
    {
      "base/kustomization.yaml": "configMapGenerator:\n- name: c\n  literals: [a=1, b=2]\n",
      "top/kustomization.yaml":
        "resources: [../base]\ngeneratorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator:\n- name: c\n  behavior: merge\n  literals: [b=3]\n",
    },
    { directory: "/top" },
  );
  assert.equal(out, `apiVersion: v1\ndata:\n  a: "1"\n  b: "3"\nkind: ConfigMap\nmetadata:\n  name: c\n`);
});

test("a strategic merge patch puts its own list items first", () => {
  const out = yamlOf({
    "kustomization.yaml": "resources: [pod.yaml]\npatches: [{path: patch.yaml}]\n",
    "pod.yaml": pod,
    "patch.yaml":
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: side\n    image: s\n",
  });
  assert.match(out, /containers:\n {2}- image: s\n {4}name: side\n {2}- envFrom:/);
});

test("patch directives delete, replace and null out", () => {
  const base = configMap("c", "data: {a: x, b: z}\nlist: [1, 2]\nmap: {k: v}\n");
  const run = (patch: string) =>
    yamlOf({
      "kustomization.yaml": "resources: [c.yaml]\npatches: [{path: p.yaml}]\n",
      "c.yaml": base,
      "p.yaml": configMap("c", patch),
    });
  assert.match(run("data: {a: null}\n"), /data:\n {2}b: z\n/);
  assert.match(run("data: {$patch: replace, q: w}\n"), /data:\n {2}q: w\nkind/);
  assert.doesNotMatch(run("map: {$patch: delete}\n"), /map/);
  assert.equal(run("$patch: delete\n"), "");
});

test("a JSON patch changes by index and pointer", () => {
  const out = yamlOf({
    "kustomization.yaml":
      "resources: [pod.yaml]\npatches:\n- target: {kind: Pod}\n  patch: |-\n    - op: replace\n      path: /spec/containers/0/image\n      value: new\n    - op: add\n      path: /metadata/labels\n      value: {a/b: on}\n    - op: remove\n      path: /metadata/labels/a~1b\n",
    "pod.yaml": pod,
  });
  assert.match(out, /image: new/);
  assert.match(out, /labels: \{\}/);
});

test("images are renamed and tagged, the digest gives way to the tag", () => {
  const out = yamlOf({
    "kustomization.yaml":
      "resources: [pod.yaml]\nimages: [{name: nginx, newName: r.io:5000/n, newTag: v2}]\n",
    "pod.yaml": pod.replace("nginx:1.7", "nginx@sha256:abc"),
  });
  assert.match(out, /image: r\.io:5000\/n:v2\n/);
});

test("replacements copy with delimiter and index, and create what is missing when asked", () => {
  const out = yamlOf({
    "kustomization.yaml": `resources: [cm.yaml, pod.yaml]
replacements:
- source: {kind: ConfigMap, fieldPath: data.tag}
  targets:
  - select: {kind: Pod}
    fieldPaths: ["spec.containers.[name=main].image"]
    options: {delimiter: ":", index: 1}
  - select: {kind: Pod}
    fieldPaths: ["metadata.annotations.[made.by/us]"]
    options: {create: true}
`,
    "cm.yaml": configMap("cm", "data: {tag: '1.20'}\n"),
    "pod.yaml": pod,
  });
  assert.match(out, /image: nginx:1\.20/);
  assert.match(out, /made\.by\/us: "1\.20"/);
});

test("vars give their type to a field that is nothing else", () => {
  const out = yamlOf({
    "kustomization.yaml":
      "resources: [cm.yaml, dep.yaml]\nvars:\n- name: NUM\n  objref: {kind: ConfigMap, name: cm, apiVersion: v1}\n  fieldref: {fieldpath: data.n}\n",
    "cm.yaml": configMap("cm", "data: {n: 5}\n"),
    "dep.yaml":
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    env:\n    - {name: X, value: $(NUM)}\n    - {name: Y, value: '[$(NUM)] $$(NUM) $(M)'}\n",
  });
  assert.match(out, /name: X\n {6}value: 5\n/);
  assert.match(out, /value: '\[5\] \$\(NUM\) \$\(M\)'/);
});

test("labels reach selectors only when asked", () => {
  const service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: x}}\n";
  const run = (include: string) =>
    yamlOf({
      "kustomization.yaml": `resources: [s.yaml]\nlabels: [{pairs: {team: a}${include}}]\n`,
      "s.yaml": service,
    });
  assert.match(run(""), /selector:\n {4}app: x\n$/);
  assert.match(run(", includeSelectors: true"), /selector:\n {4}app: x\n {4}team: a\n$/);
});

test("components work on what their parent has gathered", () => {
  const out = yamlOf(
    {
      "app/kustomization.yaml": "resources: [cm.yaml]\ncomponents: [../extra]\nnamePrefix: p-\n",
      "app/cm.yaml": configMap("cm"),
      "extra/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n",
    },
    { directory: "/app" },
  );
  assert.match(out, /name: p-cm-c\n/);
});

test("the legacy order puts namespaces first and webhooks last", () => {
  const kinds = (reorder: "legacy" | "none") =>
    build("/", {
      reorder,
      fileSystem: memoryFileSystem({
        "kustomization.yaml": "resources: [all.yaml]\n",
        "all.yaml": `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\n---\n${configMap("c")}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n}\n`,
      }),
    }).resources.map((resource) => resource.object.kind);
  assert.deepEqual(kinds("legacy"), ["Namespace", "ConfigMap", "ValidatingWebhookConfiguration"]);
  assert.deepEqual(kinds("none"), ["ValidatingWebhookConfiguration", "ConfigMap", "Namespace"]);
});

test("objects know their file, their line and the kustomizations that they passed", () => {
  const { resources } = build("/top", {
    fileSystem: memoryFileSystem({
      "top/kustomization.yaml": "resources: [../base]\nsecretGenerator:\n- name: s\n",
      "base/kustomization.yaml": "resources: [all.yaml]\n",
      "base/all.yaml": `${configMap("a")}---\n${configMap("b")}`,
    }),
  });
  const places = resources.map(({ object, origin, trail }) => [
    (object.metadata as { name: string }).name.slice(0, 1),
    `${origin.file}:${origin.line}`,
    trail,
  ]);
  assert.deepEqual(places, [
    ["a", "/base/all.yaml:1", ["/base/kustomization.yaml", "/top/kustomization.yaml"]],
    ["b", "/base/all.yaml:6", ["/base/kustomization.yaml", "/top/kustomization.yaml"]],
    ["s", "/top/kustomization.yaml:3", ["/top/kustomization.yaml"]],
  ]);
});

test("remote references are read from the folder of remotes", () => {
  const files = {
    "kustomization.yaml":
      "resources:\n- https://github.com/o/r//deploy?ref=v1\n- https://github.com/o/r/releases/all.yaml\n",
    "remotes/github.com/o/r@v1/deploy/kustomization.yaml": "resources: [../cm.yaml]\nnamePrefix: x-\n",
    "remotes/github.com/o/r/releases/all.yaml": configMap("raw"),
    "remotes/github.com/o/r@v1/cm.yaml": configMap("cm"),
  };
  const out = yamlOf(files, { remotes: "/remotes", loadRestrictor: "none" });
  assert.match(out, /name: x-cm[\s\S]*name: raw/);
});

test("a build does not depend on the order in which files are listed", () => {
  const files = {
    "kustomization.yaml": "resources: [b.yaml, a.yaml]\n",
    "a.yaml": configMap("a"),
    "b.yaml": configMap("b"),
  };
  const reversed = Object.fromEntries(Object.entries(files).reverse());
  assert.equal(yamlOf(files), yamlOf(reversed));
});

test("building the output again changes nothing", () => {
  const once = yamlOf({ "kustomization.yaml": "resources: [p.yaml]\ncommonLabels: {a: b}\n", "p.yaml": pod });
  assert.equal(yamlOf({ "kustomization.yaml": "resources: [p.yaml]\n", "p.yaml": once }), once);
});
