// Where random kustomizations have once built to something else than with kustomize: for each the smallest input
// that shows it, and what kustomize 5.8.1 makes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

const foo = "apiVersion: example.com/v1\nkind: Foo\nmetadata:\n  name: f\n";
const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n";
const deployment =
  "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  template:\n    spec: {}\n";
const jsonPatch = (target: string, operation: string) =>
  `patchesJson6902:\n- target: {version: v1, ${target}}\n  patch: '[${operation}]'\n`;
const replacement = (kind: string, path: string, value: string) =>
  `replacements:\n- sourceValue: ${value}\n  targets: [{select: {kind: ${kind}}, fieldPaths: [${path}]}]\n`;
const anyJsonPatch = jsonPatch("kind: Foo, name: f", '{"op":"add","path":"/x","value":1}');

const fromAnnotation =
  "replacements:\n- source: {kind: Foo, fieldPath: metadata.annotations.k}\n  targets: [{select: {kind: Foo}, fieldPaths: [z]}]\n";

interface Difference {
  readonly what: string;
  /** Lines that stand together in the output, without their indentation. */
  readonly lines: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

const differences: readonly Difference[] = [
  {
    what: "nothing in braces is an empty string",
    files: { "kustomization.yaml": "resources: [f.yaml]\n", "f.yaml": `${foo}x: {a: }\n` },
    lines: ["x:", 'a: ""'],
  },
  {
    what: "what a patch puts in the place of a scalar takes over its quotes",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\npatches: [{path: p.yaml}]\n",
      "f.yaml": `${foo}x: "a"\nz: a\n`,
      "p.yaml": `${foo}x: 5\nz: 5\n`,
    },
    lines: ['x: "5"', "z: 5"],
  },
  {
    what: "a patch puts quotes around what looks like a boolean of YAML 1.1, which then stay",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\npatches: [{path: p.yaml}, {path: q.yaml}]\n",
      "f.yaml": `${foo}x: on\nz: word\n`,
      "p.yaml": `${foo}a: 1\n`,
      "q.yaml": `${foo}x: 5\nz: 5\n`,
    },
    lines: ['x: "5"', "z: 5"],
  },
  {
    what: "a name that reads as a number keeps its quotes under a patch that has none",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\npatches: [{path: p.yaml}]\n",
      "f.yaml": foo.replace("name: f", 'name: "5"'),
      "p.yaml": `${foo.replace("name: f", "name: 5")}x: 1\n`,
    },
    lines: ['name: "5"', "x: 1"],
  },
  {
    what: "a name that reads as a number and has no quotes gets none from a patch with another name",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\npatches: [{path: p.yaml, target: {kind: Foo}}]\n",
      "f.yaml": foo.replace("name: f", "name: 5"),
      "p.yaml": `${foo}x: 1\n`,
    },
    lines: ["name: 5", "x: 1"],
  },
  {
    what: "a label that is null in a patch deletes",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\npatches: [{path: p.yaml}]\n",
      "f.yaml": `${foo}  labels: {a: b, c: d}\n`,
      "p.yaml": `${foo}  labels: {a: null}\n`,
    },
    lines: ["labels:", "c: d", "name: f"],
  },
  {
    what: "a label that is null in a patch with a target becomes a word",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\npatches: [{path: p.yaml, target: {kind: Foo}}]\n",
      "f.yaml": `${foo}  labels: {a: b, c: d}\n`,
      "p.yaml": `${foo}  labels: {a: null}\n`,
    },
    lines: ["labels:", 'a: "null"', "c: d", "name: f"],
  },
  {
    what: "nulls that a generator merges into are empty as data and words as labels",
    files: {
      "kustomization.yaml":
        "resources: [base]\nconfigMapGenerator:\n- name: c\n  behavior: merge\n  literals: [x=z]\n",
      "base/kustomization.yaml": "resources: [c.yaml]\n",
      "base/c.yaml": `${configMap}  labels: {l: ~}\ndata: {k: ~}\n`,
    },
    lines: ["data:", 'k: ""', "x: z", "kind: ConfigMap", "metadata:", "labels:", 'l: "~"', "name: c"],
  },
  {
    what: "the labels of all fields of an object are one: a replacement of one changes all",
    files: {
      "kustomization.yaml": `resources: [d.yaml]\ncommonLabels: {a: b}\n${replacement("Deployment", "metadata.labels.a", "z")}`,
      "d.yaml": deployment,
    },
    lines: [
      "labels:",
      "a: z",
      "name: d",
      "spec:",
      "selector:",
      "matchLabels:",
      "a: z",
      "template:",
      "metadata:",
      "labels:",
      "a: z",
      "spec: {}",
    ],
  },
  {
    what: "a JSON patch parts the labels of an object",
    files: {
      "kustomization.yaml": `resources: [base]\n${jsonPatch("kind: Deployment, name: d", '{"op":"add","path":"/x","value":1}')}${replacement("Deployment", "metadata.labels.a", "z")}`,
      "base/kustomization.yaml": "resources: [d.yaml]\ncommonLabels: {a: b}\n",
      "base/d.yaml": deployment,
    },
    lines: [
      "labels:",
      "a: z",
      "name: d",
      "spec:",
      "selector:",
      "matchLabels:",
      "a: b",
      "template:",
      "metadata:",
      "labels:",
      "a: b",
      "spec: {}",
      "x: 1",
    ],
  },
  {
    what: "a JSON patch makes strings of all annotations",
    files: {
      "kustomization.yaml": `resources: [f.yaml]\n${anyJsonPatch}`,
      "f.yaml": `${foo}  annotations: {k: 5, t: true, f: 1.50}\n`,
    },
    lines: ["annotations:", 'f: "1.5"', 'k: "5"', 't: "true"', "name: f", "x: 1"],
  },
  {
    what: "an annotation that a JSON patch has made a string goes elsewhere as one",
    files: {
      "kustomization.yaml": `resources: [base]\n${fromAnnotation}`,
      "base/kustomization.yaml": `resources: [f.yaml]\n${anyJsonPatch}`,
      "base/f.yaml": `${foo}  annotations: {k: 5}\nz: {a: b}\n`,
    },
    lines: ["name: f", "x: 1", 'z: "5"'],
  },
  {
    what: "an annotation that stands beside noted transformations goes elsewhere as a string",
    files: {
      "kustomization.yaml": `resources: [f.yaml]\nbuildMetadata: [transformerAnnotations]\nnamePrefix: p-\n${fromAnnotation}`,
      "f.yaml": `${foo}  annotations: {k: 5}\nz: {a: b}\n`,
    },
    lines: ["name: p-f", 'z: "5"'],
  },
  {
    what: "an annotation that nothing has changed goes elsewhere as what it reads as",
    files: {
      "kustomization.yaml": `resources: [f.yaml]\n${fromAnnotation}`,
      "f.yaml": `${foo}  annotations: {k: 5}\nz: {a: b}\n`,
    },
    lines: ["name: f", "z: 5"],
  },
  {
    what: "name and namespace survive a patch that deletes the metadata",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\npatches: [{path: p.yaml, target: {kind: Foo}}]\n",
      "f.yaml": `${foo}  namespace: here\n  labels: {a: b}\n`,
      "p.yaml": `${foo}  $patch: delete\n`,
    },
    lines: ["kind: Foo", "metadata:", "name: f", "namespace: here"],
  },
  {
    what: "annotations are strings once transformations are noted among them",
    files: {
      "kustomization.yaml": "resources: [f.yaml]\nbuildMetadata: [transformerAnnotations]\nnamePrefix: p-\n",
      "f.yaml": `${foo}  annotations: {k: 5}\n`,
    },
    lines: ['k: "5"', "name: p-f"],
  },
  {
    what: "an origin that is noted among the annotations goes with them",
    files: {
      "kustomization.yaml": `resources: [f.yaml]\nbuildMetadata: [originAnnotations]\n${jsonPatch("kind: Foo, name: f", '{"op":"replace","path":"/metadata/annotations","value":{"z":"a"}}')}`,
      "f.yaml": `${foo}  annotations: {k: a}\n`,
    },
    lines: [
      "config.kubernetes.io/origin: |",
      "configuredIn: kustomization.yaml",
      "configuredBy:",
      "apiVersion: builtin",
      "kind: PatchJson6902Transformer",
      "z: a",
      "name: f",
    ],
  },
  {
    what: "a word in the place of a number is no error in an annotation that is rewritten as a string",
    files: {
      "kustomization.yaml": "resources: [base]\ncommonAnnotations: {a: b}\n",
      "base/kustomization.yaml": `resources: [f.yaml]\n${replacement("Foo", "metadata.annotations.k", "word")}`,
      "base/f.yaml": `${foo}  annotations: {k: 5}\n`,
    },
    lines: ["annotations:", "a: b", "k: word", "name: f"],
  },
  {
    what: "a scalar that was put together has the type that it reads as",
    files: {
      "kustomization.yaml": 'resources: [f.yaml]\nnamePrefix: "1"\nconfigurations: [k.yaml]\n',
      "k.yaml": "namePrefix:\n- path: spec/a\n",
      "f.yaml": `${foo}spec:\n  a: e5\n`,
    },
    lines: ["name: 1f", "spec:", "a: 100000"],
  },
  {
    what: "a name that was put together takes the type of a value that replaces it",
    files: {
      "kustomization.yaml": `resources: [base]\n${replacement("Foo", "metadata.name", "'123'")}`,
      "base/kustomization.yaml": "resources: [f.yaml]\nnamePrefix: p-\n",
      "base/f.yaml": foo,
    },
    lines: ["name: 123"],
  },
  {
    what: "a name that a patch with a target has changed takes the type of a value that replaces it",
    files: {
      "kustomization.yaml": `resources: [base]\n${replacement("Foo", "metadata.name", "'123'")}`,
      "base/kustomization.yaml":
        "resources: [f.yaml]\npatches: [{path: p.yaml, target: {kind: Foo}, options: {allowNameChange: true}}]\n",
      "base/f.yaml": foo,
      "base/p.yaml": foo.replace("name: f", "name: g"),
    },
    lines: ["name: 123"],
  },
  {
    what: "the apiVersion stays a string under a patch",
    files: {
      "kustomization.yaml": `resources: [f.yaml]\npatches: [{path: p.yaml}]\n${replacement("Foo", "apiVersion", "'1.2'")}`,
      "f.yaml": foo,
      "p.yaml": `${foo}x: 1\n`,
    },
    lines: ['apiVersion: "1.2"', "kind: Foo"],
  },
  {
    what: "the apiVersion takes the type of a value after a patch with a target",
    files: {
      "kustomization.yaml": `resources: [f.yaml]\npatches: [{path: p.yaml, target: {kind: Foo}}]\n${replacement("Foo", "apiVersion", "'1.2'")}`,
      "f.yaml": foo,
      "p.yaml": `${foo}x: 1\n`,
    },
    lines: ["apiVersion: 1.2", "kind: Foo"],
  },
  {
    what: "a name that was put together and went through JSON stays a string",
    files: {
      "kustomization.yaml": `resources: [base]\n${replacement("Foo", "metadata.name", "'123'")}`,
      "base/kustomization.yaml": `resources: [f.yaml]\nnamePrefix: p-\n${anyJsonPatch}`,
      "base/f.yaml": foo,
    },
    lines: ['name: "123"', "x: 1"],
  },
  {
    what: "a scalar that was put together counts as a string for patches",
    files: {
      "kustomization.yaml": "resources: [base]\npatches: [{path: p.yaml}]\n",
      "p.yaml": `${foo}x: 1\n`,
      "base/kustomization.yaml": 'resources: [f.yaml]\nnamePrefix: "1"\nconfigurations: [k.yaml]\n',
      "base/k.yaml": "namePrefix:\n- path: spec/a\n",
      "base/f.yaml": `${foo}spec:\n  a: e5\n`,
    },
    lines: ["name: 1f", "spec:", 'a: "1e5"', "x: 1"],
  },
  {
    what: "a scalar that was put together counts as a string for vars",
    files: {
      "kustomization.yaml":
        'resources: [f.yaml, c.yaml]\nnamePrefix: "1"\nconfigurations: [k.yaml]\nvars: [{name: V, objref: {apiVersion: v1, kind: ConfigMap, name: c}, fieldref: {fieldpath: data.k}}]\n',
      "k.yaml": "namePrefix:\n- path: spec/a\nvarReference:\n- path: spec/a\n",
      "f.yaml": `${foo}spec:\n  a: e5\n`,
      "c.yaml": `${configMap}data: {k: 7}\n`,
    },
    lines: ["name: 1f", "spec:", 'a: "1e5"'],
  },
  {
    what: "YAML text keeps its comments when a replacement reaches into it",
    files: {
      "kustomization.yaml": `resources: [c.yaml]\n${replacement("ConfigMap", "data.t.a", "z")}`,
      "c.yaml": `${configMap}data:\n  t: |\n    # above\n    a: b # beside\n    # below\n    c: d\n    # end\n`,
    },
    lines: ["t: |-", "# above", "a: z # beside", "# below", "c: d", "# end", "kind: ConfigMap"],
  },
  {
    what: "YAML text keeps its braces and quotes when a replacement reaches into it",
    files: {
      "kustomization.yaml": `resources: [c.yaml]\n${replacement("ConfigMap", "data.t.a.b", "z")}`,
      "c.yaml": `${configMap}data:\n  t: |\n    a: {\n      b: "c", 'd': on\n    }\n`,
    },
    lines: [`t: 'a: {b: "z", ''d'': on}'`, "kind: ConfigMap"],
  },
];

for (const { what, files, lines } of differences) {
  test(`as kustomize: ${what}`, () => {
    const output = build("/", { fileSystem: memoryFileSystem(files) }).yaml();
    assert.ok(flat(output.split("\n")).includes(flat(lines)), output);
  });
}

test("as kustomize: annotations that are a list are an error", () => {
  const files = { "kustomization.yaml": "resources: [f.yaml]\n", "f.yaml": `${foo}  annotations: [a]\n` };
  assert.throws(() => build("/", { fileSystem: memoryFileSystem(files) }), /annotations must be a map/);
});

/** Lines without their indentation, as one text in which each stands apart. */
function flat(lines: readonly string[]): string {
  return `\n${lines.map((line) => line.trim()).join("\n")}\n`;
}
