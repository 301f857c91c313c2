// What of a scalar's type and quotes each step of a build keeps: for each the smallest input that shows it, and what
// kustomize 5.8.1 makes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getPath } from "@slipway/yaml";
import { type Case, foo, over, patch, replacement, testCases, yaml } from "../test/small-builds.ts";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n";
const deployment =
  "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  template:\n    spec: {}\n";
const binding =
  "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: r\nroleRef: {kind: Role, name: x, apiGroup: rbac.authorization.k8s.io}\n";
const targeted = "patches: [{path: p.yaml, target: {kind: Foo}}]\n";
const jsonPatch =
  'patchesJson6902:\n- target: {version: v1, kind: Foo, name: f}\n  patch: \'[{"op":"add","path":"/x","value":1}]\'\n';

const cases: readonly Case[] = [
  {
    what: "a generator takes keys that no cluster would",
    files: { "kustomization.yaml": 'configMapGenerator: [{name: c, literals: ["a: b=x"]}]\n' },
    lines: ["data:", "'a: b': x"],
  },
  {
    what: "a tag that is written out stays in the place of quotes, and makes no string of what a patch says",
    files: {
      ...over(`${foo}a: !!str 5\n`, patch, patch),
      "base/p.yaml": `${foo}z: 1\n`,
      "p.yaml": `${foo}a: 1.50\n`,
    },
    lines: ["a: 1.5"],
  },
  {
    what: "a number in quotes with its tag written out is a number",
    files: over(`${foo}a: !!int "7"\n`, ""),
    lines: ["a: 7"],
  },
  {
    what: "a JSON patch puts quotes around strings that need them in YAML, which a later patch keeps",
    files: {
      ...over(`${foo}a: 'x: y'\nb: on\nc: word\nd: ' x'\n`, patch, jsonPatch),
      "p.yaml": `${foo}a: 5\nb: 5\nc: 5\nd: 5\n`,
    },
    lines: ['a: "5"', "apiVersion: example.com/v1", 'b: "5"', "c: 5", 'd: "5"'],
  },
  {
    what: "a number in quotes with its tag written out goes through JSON as a number",
    files: over(`${foo}a: !!int "7"\n`, jsonPatch),
    lines: ["a: 7"],
  },
  {
    what: "a subject's namespace has no tag once a name reference has set it",
    files: over(
      `${binding}subjects:\n- {kind: ServiceAccount, name: default}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\n`,
      'namePrefix: p-\nnamespace: "123"\n',
    ),
    lines: ["subjects:", "- kind: ServiceAccount", "name: p-default", "namespace: 123"],
  },
  {
    what: "a subject's namespace that was put together counts as a string",
    files: {
      ...over(
        `${binding}subjects:\n- {kind: ServiceAccount, name: s, namespace: n}\n`,
        "namePrefix: p-\nconfigurations: [k.yaml]\n",
      ),
      "k.yaml": "namePrefix: [{path: subjects/namespace}]\n",
    },
    lines: ["name: s", "namespace: p-n"],
  },
  {
    what: "labels that are null in a patch with a target delete nothing",
    files: { ...over(`${foo}  labels: {a: b}\n`, targeted), "p.yaml": `${foo}  labels: null\nx: 1\n` },
    lines: ["metadata:", "labels:", "a: b", "name: f", "x: 1"],
  },
  {
    what: "an annotation that is null in a patch that may change names becomes a word",
    files: {
      ...over(
        `${foo}  annotations: {k: b}\n`,
        "patches: [{path: p.yaml, options: {allowNameChange: true}}]\n",
      ),
      "p.yaml": `${foo}  annotations: {k: null}\n`,
    },
    lines: ["annotations:", 'k: "null"', "name: f"],
  },
  {
    what: "a JSON patch finds the annotations in which kustomize notes earlier names",
    files: over(
      foo,
      `patches:\n- target: {kind: Foo}\n  patch: '[{"op":"add","path":"/metadata/annotations/k","value":"v"}]'\n`,
    ),
    lines: ["annotations:", "k: v", "name: f"],
  },
  {
    what: "the items of a list keep the digits of their numbers",
    files: {
      "kustomization.yaml":
        "resources: [l.yaml]\nreplacements:\n- source: {kind: Foo, fieldPath: spec.n}\n  targets: [{select: {kind: Foo}, fieldPaths: [spec.s]}]\n",
      "l.yaml":
        "apiVersion: example.com/v1\nkind: FooList\nitems:\n- apiVersion: example.com/v1\n  kind: Foo\n  metadata: {name: f}\n  spec: {n: 100000000, s: word}\n",
    },
    lines: ['"n": 100000000', 's: "100000000"'],
  },
  {
    what: "a var takes a number that a patch has put into quotes for a number",
    files: {
      "kustomization.yaml":
        "resources: [f.yaml]\npatches: [{path: p.yaml}]\nconfigurations: [k.yaml]\nvars: [{name: V, objref: {apiVersion: example.com/v1, kind: Foo, name: f}, fieldref: {fieldpath: a}}]\n",
      "k.yaml": "varReference: [{path: b}]\n",
      "f.yaml": `${foo}a: "x"\nb: $(V)\n`,
      "p.yaml": `${foo}a: 5\n`,
    },
    lines: ['a: "5"', "apiVersion: example.com/v1", "b: 5"],
  },
  {
    what: "generated data has quotes only where it needs them, generated labels always",
    files: {
      "kustomization.yaml": `configMapGenerator:\n- name: c\n  literals: [k=d, n=5]\n  options: {disableNameSuffixHash: true, labels: {l: x}}\n${patch}`,
      "p.yaml": `${configMap}  labels: {l: 5}\ndata: {k: 5, n: 7}\n`,
    },
    lines: ["data:", "k: 5", '"n": "7"', "kind: ConfigMap", "metadata:", "labels:", 'l: "5"'],
  },
  {
    what: "the name of a generated object that is merged into another has no tag",
    files: over(
      configMap,
      `configMapGenerator:\n- name: c\n  behavior: merge\n  literals: [k=d]\n${replacement("ConfigMap", "metadata.name", "'123'")}`,
    ),
    lines: ["name: 123"],
  },
  {
    what: "nothing in braces has no quotes that a patch could keep",
    files: { ...over(`${foo}a: {b: , c: }\n`, patch), "p.yaml": `${foo}a: {b: 5}\n` },
    lines: ["a:", "b: 5", "apiVersion: example.com/v1"],
  },
  {
    what: "nothing in braces has no quotes once a text is set there",
    files: {
      ...over(`${foo}a: {b: }\n`, 'namePrefix: "1"\nconfigurations: [k.yaml]\n'),
      "k.yaml": "namePrefix: [{path: a/b}]\n",
    },
    lines: ["a:", "b: 1"],
  },
  {
    what: "labels have quotes where their texts would be no strings in YAML 1.1, be it maps or lists",
    files: {
      ...over(foo, patch, "commonLabels: {k: 'a: b', l: word, m: '[x]'}\n"),
      "p.yaml": `${foo}  labels: {k: 5, l: 5, m: 5}\n`,
    },
    lines: ["labels:", 'k: "5"', "l: 5", 'm: "5"'],
  },
  {
    what: "the label of all fields takes over the quotes of each that was there, in turn",
    files: {
      ...over(
        deployment.replace("name: d\n", 'name: d\n  labels: {a: "x"}\n'),
        patch,
        "commonLabels: {a: b}\n",
      ),
      "p.yaml": deployment.replace("spec: {}", "metadata: {labels: {a: 5}}\n    spec: {}"),
    },
    lines: ["matchLabels:", 'a: "5"', "template:", "metadata:", "labels:", 'a: "5"'],
  },
  {
    what: "a tag that is written out is no quotes: what is put together there is a number",
    files: {
      ...over(`${foo}a: !!str 5\n`, 'namePrefix: "1"\nconfigurations: [k.yaml]\n', patch),
      "base/p.yaml": `${foo}z: 1\n`,
      "k.yaml": "namePrefix: [{path: a}]\n",
    },
    lines: ["a: 15"],
  },
  {
    what: "a tag that is written out stays when a patch puts a word there, which then gets no quotes",
    files: {
      ...over(`${foo}a: !!str x\n`, patch, "patches: [{path: p.yaml}, {path: q.yaml}]\n"),
      "base/p.yaml": `${foo}a: on\n`,
      "base/q.yaml": `${foo}z: 1\n`,
      "p.yaml": `${foo}a: 5\n`,
    },
    lines: ["a: 5"],
  },
  {
    what: "the strings in the items of a list have quotes that a patch keeps",
    files: {
      ...over(
        "apiVersion: example.com/v1\nkind: FooList\nitems:\n- apiVersion: example.com/v1\n  kind: Foo\n  metadata: {name: f}\n  a: word\n",
        patch,
      ),
      "p.yaml": `${foo}a: 5\n`,
    },
    lines: ['a: "5"'],
  },
  {
    what: "a number as a name has quotes once a generated object was merged",
    files: over(
      configMap.replace("name: c", "name: 5"),
      'configMapGenerator:\n- name: "5"\n  behavior: merge\n  literals: [k=d]\n',
    ),
    lines: ['name: "5"'],
  },
  {
    what: "a generated object takes over the name of the one that it is merged into, and keeps its own's lack of quotes",
    files: over(
      configMap,
      "configMapGenerator:\n- name: c\n  behavior: merge\n  literals: [k=d]\n",
      'namePrefix: "0x"\n',
    ),
    lines: ["name: 12"],
  },
  {
    what: "a namespace that is null is gone once a generated object was merged",
    files: over(
      `${configMap}  namespace: ~\n`,
      "configMapGenerator:\n- name: c\n  behavior: merge\n  literals: [k=d]\n",
    ),
    lines: ["metadata:", "name: c", ""],
  },
  {
    what: "merged data has quotes where it needs them, or is a block, and later patches keep that",
    files: {
      ...over(
        `${configMap}data: {k: x, s: "y", n: 5, m: "a\\nb"}\n`,
        `configMapGenerator:\n- name: c\n  behavior: merge\n  literals: [z=1]\n  options: {disableNameSuffixHash: true}\n${patch}`,
      ),
      "p.yaml": `${configMap}data: {k: 7, s: 7, n: 7, m: 7}\n`,
    },
    lines: ["data:", "k: 7", 'm: "7"', '"n": "7"', 's: "7"', 'z: "1"'],
  },
  {
    what: "kind and name have no tag after a patch",
    files: {
      ...over(
        foo,
        `${patch}replacements:\n- sourceValue: "5"\n  targets: [{select: {kind: Foo}, fieldPaths: [kind, metadata.name]}]\n`,
      ),
      "p.yaml": `${foo}x: 1\n`,
    },
    lines: ["kind: 5", "metadata:", "name: 5", "x: 1"],
  },
  {
    what: "a patch with a target adds no namespace",
    files: { ...over(foo, targeted), "p.yaml": `${foo}  namespace: other\nx: 1\n` },
    lines: ["metadata:", "name: f", "x: 1"],
  },
  {
    what: "labels that were merged have the quotes that they need, whatever tag was written out",
    files: {
      ...over(
        `${configMap}  labels: {l: !!str 5}\n`,
        `configMapGenerator:\n- name: c\n  behavior: merge\n  options: {disableNameSuffixHash: true}\n${patch}`,
      ),
      "p.yaml": `${configMap}  labels: {l: 7}\n`,
    },
    lines: ["labels:", 'l: "7"'],
  },
  {
    what: "a var finds an object by its name, whatever a schema says of its kind having a namespace",
    files: {
      ...over(
        `${foo.replace("name: f", "name: f\n  namespace: n")}a: $(V)\n`,
        "components: [comp]\nconfigurations: [k.yaml]\nvars: [{name: V, objref: {apiVersion: example.com/v1, kind: Foo, name: f}}]\n",
        "nameSuffix: -s\n",
      ),
      "k.yaml": "varReference: [{path: a}]\n",
      "comp/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nopenapi: {path: s.json}\n",
      "comp/s.json":
        '{"definitions": {}, "paths": {"/apis/example.com/v1/foos": {"get": {"x-kubernetes-group-version-kind": {"group": "example.com", "version": "v1", "kind": "Foo"}}}}}',
    },
    lines: ["a: f-s"],
  },
  {
    what: "a kind that a patch with a target has changed has no tag",
    files: {
      ...over(
        foo,
        `patches: [{path: p.yaml, target: {kind: Foo}, options: {allowKindChange: true}}]\n${replacement("Bar", "kind", "'5'")}`,
      ),
      "p.yaml": `${foo.replace("kind: Foo", "kind: Bar")}x: 1\n`,
    },
    lines: ["kind: 5"],
  },
  {
    what: "an annotation that is null in a patch with a target becomes a word",
    files: { ...over(foo, targeted), "p.yaml": `${foo}  annotations: {a: null}\nx: 1\n` },
    lines: ["annotations:", 'a: "null"'],
  },
];

testCases(cases);

test("as kustomize: annotations that all fields share part ways when transformations are noted among them", () => {
  const below = "commonAnnotations: {a: b}\n";
  const top = `buildMetadata: [transformerAnnotations]\nreplacements:\n- sourceValue: z\n  targets: [{select: {kind: Deployment}, fieldPaths: [metadata.annotations.a]}]\n`;
  const output = yaml(over(deployment, top, below));
  assert.match(output, /\n {4}a: z\n/);
  assert.match(output, /\n {8}a: b\n/);
});

test("as kustomize: two objects of a component that become the same are an error, though a patch deletes them", () => {
  const remove = "{apiVersion: example.com/v1, kind: Foo, metadata: {name: f}, $patch: delete}";
  const files = {
    ...over(
      `${foo}---\n${foo.replace("name: f", "name: g")}`,
      `components: [comp]\npatches:\n- target: {kind: Foo}\n  patch: '${remove}'\n`,
    ),
    "comp/kustomization.yaml": `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${replacement("Foo", "metadata.name", "same")}`,
  };
  assert.throws(() => yaml(files), /already registered id/);
});

const emptied = (first: string) =>
  over(deployment.replace("spec: {}", `spec:\n      containers: ${first}\n      - name: c`), `${patch}`);
const emptying = deployment.replace(
  "spec: {}",
  "spec:\n      containers:\n      - name: c\n        $patch: delete",
);

test("as kustomize: a list that becomes empty behind a comment can't be printed", () => {
  assert.throws(() => yaml({ ...emptied("# words"), "p.yaml": emptying }), /can't print containers/);
  assert.match(yaml({ ...emptied(""), "p.yaml": emptying }), /containers: \[\]/);
});

test("as kustomize: a map that becomes empty behind a comment can't be printed", () => {
  const files = { ...over(`${foo}a: # words\n  b: c\n`, patch), "p.yaml": `${foo}a: {b: null}\n` };
  assert.throws(() => yaml(files), /can't print a,/);
});

test("as kustomize: a list may become empty behind a comment that a JSON patch has taken away", () => {
  const below = 'patches:\n- target: {kind: Deployment}\n  patch: \'[{"op":"add","path":"/x","value":1}]\'\n';
  const files = { ...emptied("# words"), "p.yaml": emptying };
  const output = yaml({ ...files, "base/kustomization.yaml": `resources: [f.yaml]\n${below}` });
  assert.match(output, /containers: \[\]/);
});

test("as kustomize: a list may become empty behind a comment that stands in an earlier patch", () => {
  const commented = deployment.replace("spec: {}", "spec:\n      containers: # words\n      - name: c");
  const output = yaml({ ...over(deployment, patch, patch), "base/p.yaml": commented, "p.yaml": emptying });
  assert.match(output, /containers: \[\]/);
});

test("what a patch says in the fields that name its target is no change of them", () => {
  const fileSystem = memoryFileSystem({ ...over(foo, patch), "p.yaml": `${foo}x: 1\n` });
  const root = build("/", { fileSystem }).resources[0]?.root;
  assert.equal(getPath(root, "apiVersion")?.source?.path, "/base/f.yaml");
  assert.equal(getPath(root, "kind")?.source?.path, "/base/f.yaml");
  assert.equal(getPath(root, "x")?.source?.path, "/p.yaml");
});
