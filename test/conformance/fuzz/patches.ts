// Random patches of all sorts.
import { type Context, isWorkload } from "./feature.ts";
import { type FuzzObject, randomValue } from "./objects.ts";
import type { Random } from "./random.ts";
import { schemaComment } from "./schemas.ts";

function idOf(object: FuzzObject): string {
  return `apiVersion: ${object.apiVersion}\nkind: ${object.kind}\nmetadata:\n  name: ${object.name}\n${object.namespace ? `  namespace: ${object.namespace}\n` : ""}`;
}

function patchBody(random: Random, object: FuzzObject): string {
  const value = randomValue(random, "  ");
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
    `spec:\n  list:${schemaComment(random)}\n  - name: three\n`,
    `spec:\n  list:\n  - name: ${random.pick(["one", "two"])}\n    v: ${random.pick(["w", "$patch", "5"])}\n`,
    `spec:\n  list:\n  - name: one\n    $patch: delete\n`,
    `spec: null\n`,
    `$patch: delete\n`,
    `spec:\n  $patch: replace\n  only: 1\n`,
    `spec:\n  nested:\n    $patch: delete\n`,
    `data:\n  k: null\n  new: ${value}\n`,
    `extra:\n  m: {x: null, y: [1, null]}\n  e: {}\n`,
  ];
  if (isWorkload(object)) {
    return random.pick([
      `spec:\n  template:\n    spec:\n      containers:\n${indented}`,
      `spec:\n  template:\n    spec:\n      volumes:\n      - name: v\n        emptyDir: {}\n      - name: w\n        emptyDir: {}\n      tolerations: []\n`,
      "spec:\n  replicas: 9\n  template:\n    metadata:\n      labels:\n        app: null\n        b: c\n",
      "spec:\n  template:\n    spec:\n      imagePullSecrets:\n      - name: extra\n      containers: null\n",
    ]);
  }
  return random.pick(options);
}

export function patches({ random, files, directory, targets }: Context): string {
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

export function jsonPatches({ random, targets }: Context): string {
  if (targets.length === 0) return "";
  const object = random.pick(targets);
  const workload = isWorkload(object);
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
          : object.kind === "Foo"
            ? [
                `- op: replace\n  path: /spec/a\n  value: ${randomValue(random, "  ")}\n`,
                "- op: add\n  path: /spec/list/1\n  value: {name: mid}\n",
                "- op: move\n  from: /spec/nested/deep\n  path: /spec/a\n",
                "- op: test\n  path: /kind\n  value: Foo\n- op: add\n  path: /x~1y\n  value: [1, 2.50, 1000000]\n",
              ]
            : [
                `- op: add\n  path: /metadata/labels\n  value: {j: ${random.pick(["p", "on", "012", '"x"'])}}\n`,
                "- op: remove\n  path: /spec/replicas\n",
                "- op: copy\n  from: /metadata/name\n  path: /metadata/annotations\n",
                '- {"op": "replace", "path": "/metadata/name", "value": "renamed"}\n',
              ],
      );
  const key = random.chance(0.3) ? "patchesJson6902" : "replacedBelow";
  const target = `  target:\n    kind: ${object.kind}\n    name: ${object.name}\n    version: ${object.apiVersion.split("/").at(-1)}\n`;
  const entry = `- patch: |-\n${operation.replace(/^(?=.)/gm, "    ")}${target}`;
  return key === "patchesJson6902" ? `patchesJson6902:\n${entry}` : `Patches:\n${entry}`;
}

export function oldPatches({ random, targets }: Context): string {
  if (targets.length === 0) return "";
  const object = random.pick(targets);
  const patch = idOf(object) + patchBody(random, object);
  return `patchesStrategicMerge:\n- |-\n${patch.replace(/^(?=.)/gm, "  ")}`;
}
