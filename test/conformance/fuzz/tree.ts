// Random trees of kustomizations.
import { type FuzzObject, randomObjects, randomValue } from "./objects.ts";
import type { Random } from "./random.ts";

/** Files by path, and the directory to build. */
export interface FuzzTree {
  readonly files: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** A base or two, perhaps a component, and an overlay over them. */
export function randomTree(random: Random): FuzzTree {
  const files: Record<string, string> = {};
  const objects: FuzzObject[] = [];
  const bases = random.chance(0.4) ? ["base", "other"] : ["base"];
  for (const [index, base] of bases.entries()) {
    const own = randomObjects(random, 1 + random.below(6), index === 0 ? "" : "o-");
    objects.push(...own);
    addDirectory(random, files, base, own, [], []);
  }
  const components: string[] = [];
  if (random.chance(0.3)) {
    components.push("../component");
    addDirectory(random, files, "component", [], [], objects, true);
  }
  addDirectory(
    random,
    files,
    "overlay",
    randomObjects(random, random.below(2), "x-"),
    [...bases.map((base) => `../${base}`)],
    objects,
    false,
    components,
  );
  return { files, directory: "overlay" };
}

function addDirectory(
  random: Random,
  files: Record<string, string>,
  directory: string,
  own: readonly FuzzObject[],
  references: readonly string[],
  below: readonly FuzzObject[],
  component = false,
  components: readonly string[] = [],
): void {
  const entries = [...references];
  if (own.length > 0) {
    if (random.chance(0.5)) {
      files[`${directory}/all.yaml`] = own.map((object) => object.text).join("---\n");
      entries.push("all.yaml");
    } else {
      for (const [index, object] of own.entries()) {
        files[`${directory}/r${index}.yaml`] = object.text;
        entries.push(`r${index}.yaml`);
      }
    }
  }
  const targets = [...below, ...own];
  const context = { random, files, directory, targets };
  let text = component
    ? "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    : random.chance(0.5)
      ? "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
      : "";
  if (entries.length > 0) text += `resources:\n${entries.map((entry) => `- ${entry}\n`).join("")}`;
  if (components.length > 0) text += `components:\n${components.map((entry) => `- ${entry}\n`).join("")}`;
  for (const feature of features) {
    const part = random.chance(feature.share) ? feature.make(context) : "";
    const key = part.slice(0, part.indexOf(":")).toLowerCase();
    // A key twice in different case is read into one field by Go in ways that nobody means.
    if (!new RegExp(`^${key}:`, "im").test(text)) text += part;
  }
  if (files[`${directory}/text.yaml`] !== undefined) {
    text = /^resources:$/m.test(text)
      ? text.replace(/^resources:$/m, "resources:\n- text.yaml")
      : `${text}resources:\n- text.yaml\n`;
  }
  if (text === "" || component) text += "namePrefix: c-\n".repeat(text.includes("namePrefix") ? 0 : 1);
  files[`${directory}/kustomization.yaml`] = text;
}

interface Context {
  readonly random: Random;
  readonly files: Record<string, string>;
  readonly directory: string;
  readonly targets: readonly FuzzObject[];
}

interface Feature {
  readonly share: number;
  readonly make: (context: Context) => string;
}

const features: readonly Feature[] = [
  { share: 0.3, make: ({ random }) => `namePrefix: ${random.pick(["p-", "q.", '"1"'])}\n` },
  { share: 0.2, make: ({ random }) => `nameSuffix: ${random.pick(["-s", "-t"])}\n` },
  { share: 0.3, make: ({ random }) => `namespace: ${random.pick(["ns-a", "ns-c", '"123"'])}\n` },
  { share: 0.2, make: ({ random }) => `commonLabels: {${random.pick(["team: a", "app: z", '"n": "1"'])}}\n` },
  {
    share: 0.25,
    make: ({ random }) =>
      `labels:\n- pairs: {l: ${random.pick(["v", '"on"', '"5"'])}}\n${random.chance(0.4) ? "  includeSelectors: true\n" : ""}${random.chance(0.3) ? "  includeTemplates: true\n" : ""}${random.chance(0.2) ? "  fields:\n  - path: spec/extra\n    create: true\n" : ""}`,
  },
  { share: 0.2, make: ({ random }) => `commonAnnotations: {a: ${random.pick(["b", '"1"', "'x: y'"])}}\n` },
  {
    share: 0.3,
    make: ({ random }) =>
      `images:\n- name: ${random.pick(["nginx", "busybox", "reg.io:5000/a/nginx", "foo.bar/x"])}\n  ${random.pick(["newTag: v9", 'newTag: "1.0"', "newName: other/n", "digest: sha256:fff", "tagSuffix: -x"])}\n`,
  },
  { share: 0.35, make: mapGenerators },
  { share: 0.4, make: patches },
  { share: 0.3, make: jsonPatches },
  { share: 0.15, make: oldPatches },
  { share: 0.2, make: replicas },
  { share: 0.25, make: replacements },
  { share: 0.2, make: vars },
  { share: 0.08, make: sortOptions },
  { share: 0.08, make: configurations },
  { share: 0.1, make: buildMetadata },
  { share: 0.12, make: transformerPlugins },
  { share: 0.08, make: generatorPlugins },
];

function buildMetadata({ random }: Context): string {
  return `buildMetadata: [${random.some(["originAnnotations", "transformerAnnotations"], 2).join(", ")}]\n`;
}

function transformerPlugins({ random, files, directory, targets }: Context): string {
  const kind = targets[0]?.kind ?? "ConfigMap";
  const plugin = random.pick([
    "kind: PrefixTransformer\nmetadata: {name: t}\nprefix: t-\nfieldSpecs:\n- path: metadata/name\n",
    "kind: LabelTransformer\nmetadata: {name: t}\nlabels: {t: 5}\nfieldSpecs:\n- path: metadata/labels\n  create: true\n",
    "kind: AnnotationsTransformer\nmetadata: {name: t}\nannotations: {t: true}\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n",
    "kind: NamespaceTransformer\nmetadata: {name: t, namespace: ns-t}\nunsetOnly: true\nsetRoleBindingSubjects: allServiceAccounts\nfieldSpecs:\n- path: metadata/namespace\n  create: true\n",
    `kind: PatchTransformer\nmetadata: {name: t}\ntarget: {kind: ${kind}}\npatch: '[{"op": "add", "path": "/t", "value": 1.0}]'\n`,
    `kind: ValueAddTransformer\nmetadata: {name: t}\nvalue: v\ntargets:\n- selector: {kind: ${kind}}\n  fieldPath: metadata/annotations/path\n  filePathPosition: 2\n`,
    "kind: ReplicaCountTransformer\nmetadata: {name: t}\nreplica: {name: one, count: 4}\nfieldSpecs:\n- path: spec/replicas\n  create: true\n  kind: Deployment\n",
    "kind: ImageTagTransformer\nmetadata: {name: t}\nimageTag: {name: nginx, newTag: plug}\n",
  ]);
  if (random.chance(0.5)) {
    files[`${directory}/plugin.yaml`] = `apiVersion: builtin\n${plugin}`;
    return "transformers:\n- plugin.yaml\n";
  }
  return `transformers:\n- |-\n  apiVersion: builtin\n${plugin.replace(/^(?=.)/gm, "  ")}`;
}

function generatorPlugins({ random }: Context): string {
  const kind = random.pick(["ConfigMapGenerator", "SecretGenerator"]);
  return `generators:\n- |-\n  apiVersion: builtin\n  kind: ${kind}\n  metadata:\n    name: plug\n${random.chance(0.3) ? "  behavior: create\n" : ""}  literals:\n  - p=q\n`;
}

function mapGenerators({ random, files, directory }: Context): string {
  const kind = random.pick(["configMapGenerator", "secretGenerator"]);
  let text = `${kind}:\n- name: ${random.pick(["gen", "one", "two"])}\n`;
  if (random.chance(0.08)) text += `  behavior: ${random.pick(["merge", "replace", "create"])}\n`;
  if (random.chance(0.7))
    text += `  literals:\n  - a=${random.pick(["1", '"q"', "x=y", "<&>", ""])}\n  - b.c=d\n`;
  if (random.chance(0.4)) {
    files[`${directory}/data.txt`] = random.pick([
      "text\nlines\n",
      "no end",
      "tab\there\n",
      "x ".repeat(60),
      "é\n\n",
    ]);
    text += `  files:\n  - ${random.pick(["data.txt", "key=data.txt"])}\n`;
  }
  if (random.chance(0.3)) {
    files[`${directory}/env`] = random.pick(["A=1\n# c\nB= two \n", "  C=x\r\nD\n", "E=a=b"]);
    text += "  envs:\n  - env\n";
  }
  if (random.chance(0.3))
    text += `  options:\n    ${random.pick(["disableNameSuffixHash: true", "labels: {x: z}", "immutable: true"])}\n`;
  if (random.chance(0.2)) text += "generatorOptions:\n  annotations: {g: o}\n";
  return text;
}

function idOf(object: FuzzObject): string {
  return `apiVersion: ${object.apiVersion}\nkind: ${object.kind}\nmetadata:\n  name: ${object.name}\n${object.namespace ? `  namespace: ${object.namespace}\n` : ""}`;
}

function patchBody(random: Random, object: FuzzObject): string {
  const value = randomValue(random, "  ");
  const isWorkload = ["Deployment", "StatefulSet", "DaemonSet"].includes(object.kind);
  const container = random.pick([
    "- name: main\n  image: patched:1\n",
    "- name: new\n  image: added\n",
    "- name: base\n  $patch: delete\n",
    "- name: base\n  env:\n  - name: A\n    value: p\n  - name: Z\n    value: z\n",
    "- name: base\n  ports:\n  - containerPort: 80\n    name: web\n",
    "- name: base\n  ports:\n  - containerPort: 81\n    protocol: UDP\n  args: [--x]\n",
    "- $patch: replace\n- name: only\n  image: o\n",
    "- name: base\n  image: null\n",
  ]);
  const indented = container.replace(/^(?=.)/gm, "      ");
  const options = [
    `spec:\n  a: ${value}\n`,
    `spec:\n  list:\n  - name: three\n`,
    `spec: null\n`,
    `$patch: delete\n`,
    `spec:\n  $patch: replace\n  only: 1\n`,
    `spec:\n  nested:\n    $patch: delete\n`,
    `data:\n  k: null\n  new: ${value}\n`,
    `extra:\n  m: {x: null, y: [1, null]}\n  e: {}\n`,
  ];
  if (isWorkload) {
    return random.pick([
      `spec:\n  template:\n    spec:\n      containers:\n${indented}`,
      `spec:\n  template:\n    spec:\n      volumes:\n      - name: v\n        emptyDir: {}\n      - name: w\n        emptyDir: {}\n      tolerations: []\n`,
      "spec:\n  replicas: 9\n  template:\n    metadata:\n      labels:\n        app: null\n        b: c\n",
      "spec:\n  template:\n    spec:\n      imagePullSecrets:\n      - name: extra\n      containers: null\n",
    ]);
  }
  return random.pick(options);
}

function patches({ random, files, directory, targets }: Context): string {
  if (targets.length === 0) return "";
  const object = random.pick(targets);
  const patch = idOf(object) + patchBody(random, object);
  const second = random.chance(0.06) ? `---\n${idOf(random.pick(targets))}extra2: x\n` : "";
  const target = random.chance(0.3)
    ? `  target:\n    kind: ${random.pick([object.kind, "Dep.*", "Foo"])}\n${random.chance(0.4) ? `    name: ${random.pick([object.name, ".*o", "t.*"])}\n` : ""}${random.chance(0.2) ? "    labelSelector: app=web\n" : ""}`
    : "";
  const options = random.chance(0.1)
    ? "  options:\n    allowNameChange: true\n    allowKindChange: true\n"
    : "";
  if (random.chance(0.5)) {
    files[`${directory}/patch.yaml`] = patch + second;
    return `patches:\n- path: patch.yaml\n${target}${options}`;
  }
  return `patches:\n- patch: |-\n${(patch + second).replace(/^(?=.)/gm, "    ")}${target}${options}`;
}

function jsonPatches({ random, targets }: Context): string {
  if (targets.length === 0) return "";
  const object = random.pick(targets);
  const workload = ["Deployment", "StatefulSet", "DaemonSet"].includes(object.kind);
  const always = `- op: add\n  path: /x~1y\n  value: {j: ${random.pick(["p", "on", "012", '"x"', "2.50", "[1, 1000000, {}]"])}}\n`;
  const operation = random.chance(0.6)
    ? always
    : random.pick(
        workload
          ? [
              "- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: nginx:9\n",
              "- op: remove\n  path: /spec/replicas\n",
              "- op: add\n  path: /spec/template/spec/containers/0/args\n  value: [--more]\n",
            ]
          : [
              `- op: add\n  path: /metadata/labels\n  value: {j: ${random.pick(["p", "on", "012", '"x"'])}}\n`,
              `- op: replace\n  path: /spec/a\n  value: ${randomValue(random, "  ")}\n`,
              "- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --more\n",
              "- op: remove\n  path: /spec/replicas\n",
              "- op: add\n  path: /spec/list/1\n  value: {name: mid}\n",
              "- op: copy\n  from: /metadata/name\n  path: /metadata/annotations\n",
              "- op: test\n  path: /kind\n  value: Foo\n- op: add\n  path: /x~1y\n  value: [1, 2.50, 1000000]\n",
              '- {"op": "replace", "path": "/metadata/name", "value": "renamed"}\n',
            ],
      );
  const key = random.chance(0.3) ? "patchesJson6902" : "replacedBelow";
  const target = `  target:\n    kind: ${object.kind}\n    name: ${object.name}\n    version: ${object.apiVersion.split("/").at(-1)}\n`;
  const entry = `- patch: |-\n${operation.replace(/^(?=.)/gm, "    ")}${target}`;
  return key === "patchesJson6902" ? `patchesJson6902:\n${entry}` : `Patches:\n${entry}`;
}

function oldPatches({ random, targets }: Context): string {
  if (targets.length === 0) return "";
  const object = random.pick(targets);
  const patch = idOf(object) + patchBody(random, object);
  return `patchesStrategicMerge:\n- |-\n${patch.replace(/^(?=.)/gm, "  ")}`;
}

function replicas({ random, targets }: Context): string {
  const object = targets.find(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  return object ? `replicas:\n- name: ${object.name}\n  count: ${random.below(9)}\n` : "";
}

function replacements({ random, files, directory, targets }: Context): string {
  if (targets.length === 0) return "";
  const source = random.pick(targets);
  const target = random.pick(targets);
  if (random.chance(0.25)) return replacementsInText(random, files, directory);
  const sourceField = random.pick([
    "metadata.name",
    "kind",
    "data.tag",
    "spec.replicas",
    "spec.list.0.name",
    "spec.a",
  ]);
  const targetField = random.pick([
    "metadata.annotations.note",
    "spec.template.spec.containers.[name=base].image",
    "spec.template.spec.containers.*.image",
    "spec.list.0.v",
    "spec.json.a.b",
    "metadata.labels.[made.of/x]",
    "spec.a",
  ]);
  const options = random.pick([
    "",
    "",
    "    options:\n      create: true\n",
    '    options:\n      delimiter: ":"\n      index: 1\n',
    '    options:\n      delimiter: "-"\n      index: -1\n',
    "    options:\n      delimiter: /\n      index: 99\n      create: true\n",
  ]);
  return `replacements:\n- source:\n    kind: ${source.kind}\n    name: ${source.name}\n    fieldPath: ${sourceField}\n  targets:\n  - select:\n      kind: ${target.kind}\n${random.chance(0.5) ? `      name: ${target.name}\n` : ""}    fieldPaths:\n    - ${targetField}\n${options}`;
}

const texts = [
  `{"a": {"b": "c", "n": 1.50, "l": ["x", {"k": "v"}]}, "z": "<&>"}`,
  `{\n  "a": {\n    "b": "c"\n  },\n  "l": [1, 2]\n}`,
  `a: {\n  b: "c",\n  'n': on, image: r/i:1\n}\nl:\n  - {k: v}\n  - "quoted"\n`,
  `a:\n    b: c\n    n: 0777\nl:\n- x\n- k: 'v'\n`,
  `a:\n  b: |\n    two\n    lines\n  n: null\n`,
  `[{"k": 1}, {"a": {"b": true}}]`,
  `just words`,
];

/** A replacement that reaches into JSON or YAML text; its ConfigMap stands in a file of its own. */
function replacementsInText(random: Random, files: Record<string, string>, directory: string): string {
  const text = random.pick(texts).replace(/^(?=.)/gm, "    ");
  files[`${directory}/text.yaml`] =
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: text\ndata:\n  t: |${random.pick(["", "-"])}\n${text}\n`;
  const path = random.pick(["t.a.b", "t.a.n", "t.l.0", "t.l.1.k", "t.a.new", "t.0.k", "t.a", "t.*.b"]);
  const source = random.pick([
    `sourceValue: ${random.pick(["new", '"5"', "'a: b'"])}`,
    "source: {kind: ConfigMap, name: text, fieldPath: metadata.name}",
    "source: {kind: Config.*, name: te.t, fieldPath: kind}",
  ]);
  const reject = random.pick(["", "", "    reject:\n    - name: other\n", "    reject:\n    - name: te.*\n"]);
  const options = random.pick(["", "", "    options: {create: true}\n"]);
  const select = random.pick(["{kind: ConfigMap, name: text}", "{name: te.t}", "{kind: .*Map, name: text}"]);
  const generator = "transformers:\n- text-transformer.yaml\n";
  files[`${directory}/text-transformer.yaml`] =
    `apiVersion: builtin\nkind: ReplacementTransformer\nmetadata: {name: text}\nreplacements:\n- ${source}\n  targets:\n  - select: ${select}\n${reject}    fieldPaths: [data.${path}]\n${options}`;
  return generator;
}

function vars({ random, targets }: Context): string {
  if (targets.length === 0) return "";
  return `vars:\n${["VAR_A", "VAR_B"]
    .filter(() => random.chance(0.7))
    .map((name) => {
      const object = random.pick(targets);
      return `- name: ${name}\n  objref:\n    kind: ${object.kind}\n    name: ${object.name}\n    apiVersion: ${object.apiVersion}\n${random.chance(0.4) ? `  fieldref:\n    fieldpath: ${random.pick(["metadata.namespace", "spec.replicas", "data.tag", "metadata.name"])}\n` : ""}`;
    })
    .join("")}`.replace(/^vars:\n$/, "");
}

function sortOptions({ random }: Context): string {
  return random.pick([
    "sortOptions: {order: fifo}\n",
    "sortOptions: {order: legacy}\n",
    "sortOptions:\n  order: legacy\n  legacySortOptions:\n    orderFirst: [Foo, Service]\n    orderLast: [Namespace]\n",
  ]);
}

function configurations({ random, files, directory }: Context): string {
  files[`${directory}/config.yaml`] = random.pick([
    "nameReference:\n- kind: ConfigMap\n  fieldSpecs:\n  - path: spec/a\n    kind: Foo\n",
    "varReference:\n- path: spec/a\n  kind: Foo\n- path: metadata/annotations\n",
    "namespace:\n- path: spec/ns\n  kind: Foo\n  create: true\n",
    "commonLabels:\n- path: spec/labels\n  kind: Foo\n  create: true\nimages:\n- path: spec/a\n  kind: Foo\n",
    "namePrefix:\n- path: spec/list/name\n  kind: Foo\n",
    "replicas:\n- path: spec/count\n  kind: Foo\n  create: true\ncommonAnnotations:\n- path: spec/notes\n  create: true\n  kind: Foo\n",
    "nameSuffix:\n- path: metadata/name\n- path: roleRef/name\n  kind: RoleBinding\n",
    "labels:\n- path: spec/labels\n  create: true\n  kind: Bar\n",
  ]);
  return "configurations:\n- config.yaml\n";
}
