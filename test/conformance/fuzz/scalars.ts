// Random trees about what becomes of single scalars: every step of a build that can change one, in several layers.
import { randomValue } from "./objects.ts";
import type { Random } from "./random.ts";
import type { FuzzTree } from "./tree.ts";

const words = [
  "x",
  "f",
  "c",
  "on",
  "5",
  "1e3",
  "1.50",
  '"5"',
  "'on'",
  "true",
  "~",
  "null",
  "!!str 5",
  '!!int "7"',
];
const fields = ["spec.a", "spec.b", "spec.m.x", "spec.m.y", "spec.list.0", "spec.items.[name=one].v"];

/** Two objects at the bottom and some layers, each of which does something to their fields. */
export function scalarTree(random: Random): FuzzTree {
  const files: Record<string, string> = {};
  const depth = 2 + random.below(3);
  for (let layer = 0; layer < depth; layer++) addLayer(random, files, layer, layer === depth - 1);
  return { files, directory: `l${depth - 1}` };
}

function addLayer(random: Random, files: Record<string, string>, layer: number, isTop: boolean): void {
  const directory = `l${layer}`;
  const resources = layer === 0 ? ["f.yaml", "c.yaml"] : [`../l${layer - 1}`];
  if (layer === 0) {
    files["l0/f.yaml"] = foo(random);
    files["l0/c.yaml"] = configMap(random);
  }
  const parts = [`resources: [${resources.join(", ")}]\n`];
  const drawn = random.some(steps, 3);
  for (const step of drawn) {
    const part = step({ random, files, directory, layer });
    const key = part.slice(0, part.indexOf(":"));
    if (!parts.some((one) => one.startsWith(`${key}:`))) parts.push(part);
  }
  files[`${directory}/config.yaml`] = random.some(configurations, 4).join("") + replicas;
  parts.push("configurations: [config.yaml]\n");
  if (isTop && random.chance(0.15))
    parts.push("buildMetadata: [originAnnotations, transformerAnnotations]\n");
  files[`${directory}/kustomization.yaml`] = parts.join("");
}

/** A value with the margin of a key that stands two deep. */
function value(random: Random, margin = "  "): string {
  return random.chance(0.5) ? random.pick(words) : randomValue(random, margin);
}

function foo(random: Random): string {
  const metadata = `metadata:\n  name: f\n${random.chance(0.5) ? `  namespace: ${random.pick(["here", '"5"', "'on'"])}\n` : ""}`;
  const labels = random.chance(0.5) ? `  labels:\n    k: ${value(random, "    ")}\n` : "";
  const annotations = random.chance(0.6) ? `  annotations:\n    k: ${value(random, "    ")}\n` : "";
  return `apiVersion: example.com/v1\nkind: Foo\n${metadata}${labels}${annotations}${fooSpec(random, 1)}`;
}

function fooSpec(random: Random, share: number): string {
  const parts = [
    `  a: ${value(random)}\n`,
    `  b: ${value(random)}\n`,
    random.chance(0.5)
      ? `  m:\n    x: ${value(random, "    ")}\n    y: ${value(random, "    ")}\n`
      : `  m: {x: ${random.pick(words)}, y: , "z": ${random.pick(words)}}\n`,
    `  list:\n  - ${value(random)}\n  - ${random.pick(words)}\n`,
    `  items:\n  - name: one\n    v: ${value(random, "    ")}\n  - name: ${random.pick(words)}\n`,
  ].filter(() => share === 1 || random.chance(share));
  return parts.length === 0 ? "" : `spec:\n${parts.join("")}`;
}

function configMap(random: Random): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n${random.chance(0.3) ? "  namespace: here\n" : ""}data:\n  k: ${value(random)}\n  n: ${random.pick(words)}\n`;
}

interface Place {
  readonly random: Random;
  readonly files: Record<string, string>;
  readonly directory: string;
  readonly layer: number;
}

const steps: readonly ((place: Place) => string)[] = [
  ({ random }) => `namePrefix: ${random.pick(["p-", '"1"', "'0x'"])}\n`,
  ({ random }) => `nameSuffix: ${random.pick(["-s", '"1"'])}\n`,
  ({ random }) => `namespace: ${random.pick(["ns", '"123"', "'on'", "1e3x"])}\n`,
  ({ random }) => `commonLabels: {k: ${quotedWord(random)}}\n`,
  ({ random }) =>
    `labels:\n- pairs: {k: ${quotedWord(random)}}\n  includeTemplates: true\n  fields: [{path: spec/m, create: true}]\n`,
  ({ random }) => `commonAnnotations: {k: ${quotedWord(random)}}\n`,
  ({ random }) =>
    `images:\n- name: ${random.pick(["x", "'5'", "'on'", "'1.50'"])}\n  ${random.pick(['newName: "7"', 'newTag: "1"', 'newName: "on"'])}\n`,
  ({ random }) => `replicas:\n- name: f\n  count: ${random.below(9)}\n`,
  mergePatch,
  mergePatch,
  jsonPatch,
  replacement,
  replacement,
  valueReplacement,
  ({ random, layer }) => `vars:\n- name: V${layer}\n  ${random.pick(varSources)}\n`,
  ({ random }) =>
    `configMapGenerator:\n- name: c\n  behavior: ${random.pick(["merge", "replace"])}\n  literals: [${random.pick(["k=5", "n=on", "z=1", "k=a b"])}]\n  options: {labels: {k: ${quotedWord(random)}}}\n`,
  ({ random, files, directory }) => {
    files[`${directory}/plugin.yaml`] =
      `apiVersion: builtin\nkind: ValueAddTransformer\nmetadata: {name: t}\nvalue: ${random.pick(["v", '"5"', "'on'"])}\ntargets:\n- selector: {kind: Foo}\n  fieldPath: ${random.pick(["spec/a", "spec/m/x", "metadata/annotations/k", "spec/new"])}\n  filePathPosition: ${random.below(2)}\n`;
    return "transformers: [plugin.yaml]\n";
  },
];

function quotedWord(random: Random): string {
  return random.pick(['"5"', "'on'", "x", '"1.50"', '"a: b"', '""', '"null"']);
}

function mergePatch({ random, files, directory }: Place): string {
  const id = `apiVersion: example.com/v1\nkind: Foo\nmetadata:\n  name: ${random.pick(["f", "f", "f", '"f"', "'f'", random.chance(0.2) ? "g" : "f"])}\n`;
  const labels = random.chance(0.3) ? `  labels: {k: ${random.pick(words)}}\n` : "";
  const annotations = random.chance(0.3) ? `  annotations: {k: ${random.pick(words)}}\n` : "";
  files[`${directory}/patch.yaml`] = id + labels + annotations + fooSpec(random, 0.4);
  const target = random.chance(0.5) ? ", target: {kind: Foo}" : "";
  const options = random.chance(0.2) ? ", options: {allowNameChange: true, allowKindChange: true}" : "";
  if (target === "" && random.chance(0.3)) return "patchesStrategicMerge: [patch.yaml]\n";
  return `patches:\n- {path: patch.yaml${target}${options}}\n`;
}

function jsonPatch({ random }: Place): string {
  const path = random.pick(["/spec/a", "/spec/new", "/spec/m/x", "/metadata/annotations/k", "/spec/list/0"]);
  const op = random.pick(["add", "replace", "remove"]);
  const operation = `[{"op": "${op}", "path": "${path}", "value": ${random.pick(['"on"', '"5"', "5", "1.50", "null", '"a: b"', "1e7"])}}]`;
  const old = random.chance(0.3);
  return `${old ? "patchesJson6902" : "patches"}:\n- target: {version: v1, kind: Foo${old ? ", name: f" : ""}}\n  patch: '${operation}'\n`;
}

function replacement({ random }: Place): string {
  const source = random.chance(0.7)
    ? `{kind: Foo, fieldPath: "${random.pick([...fields, "metadata.name", "metadata.annotations.k", "spec.m"])}"}`
    : `{kind: ConfigMap, fieldPath: ${random.pick(["data.k", "data.n", "metadata.name", "kind"])}}`;
  return `replacements:\n- source: ${source}\n${targets(random)}`;
}

function valueReplacement({ random }: Place): string {
  return `replacements:\n- sourceValue: ${quotedWord(random)}\n${targets(random)}`;
}

function targets(random: Random): string {
  const path = random.pick([
    ...fields,
    "spec.new",
    "metadata.annotations.k",
    "metadata.labels.k",
    "spec.items.[name=5].v",
  ]);
  const options = random.pick([
    "",
    "    options: {create: true}\n",
    '    options: {delimiter: ".", index: 1}\n',
  ]);
  return random.chance(0.8)
    ? `  targets:\n  - select: {kind: Foo}\n    fieldPaths: ["${path}"]\n${options}`
    : `  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [${random.pick(["data.k", "data.n", "data.k.a"])}]\n${options}`;
}

const varSources = [
  ...["metadata.name", "metadata.namespace", "metadata.annotations.k", ...fields.slice(0, 4)].map(
    (field) => `objref: {apiVersion: example.com/v1, kind: Foo, name: f}\n  fieldref: {fieldpath: ${field}}`,
  ),
  "objref: {apiVersion: v1, kind: ConfigMap, name: c}\n  fieldref: {fieldpath: data.k}",
];

const replicas = "replicas:\n- path: spec/b\n  kind: Foo\n  create: true\n";

const configurations = [
  "namePrefix:\n- path: spec/a\n  kind: Foo\n- path: data/n\n  kind: ConfigMap\n",
  "nameSuffix:\n- path: spec/m/x\n  kind: Foo\n  create: true\n",
  "namespace:\n- path: spec/b\n  kind: Foo\n  create: true\n",
  "commonLabels:\n- path: spec/m\n  kind: Foo\n  create: true\n",
  "commonAnnotations:\n- path: spec/m\n  kind: Foo\n  create: true\n",
  "images:\n- path: spec/a\n  kind: Foo\n",
  "varReference:\n- path: spec/a\n  kind: Foo\n- path: spec/m\n- path: spec/list\n",
  "nameReference:\n- kind: ConfigMap\n  fieldSpecs:\n  - path: spec/a\n    kind: Foo\n  - path: spec/list\n    kind: Foo\n",
];
