// Random trees of kustomizations.
import { type Context, type Feature, sourceFields } from "./feature.ts";
import { type FuzzObject, randomObjects } from "./objects.ts";
import { jsonPatches, oldPatches, patches } from "./patches.ts";
import { generatorPlugins, transformerPlugins } from "./plugins.ts";
import type { Random } from "./random.ts";
import { replacements } from "./replacements.ts";
import { crds, openApi } from "./schemas.ts";

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
  // A list becomes its items when it is read, so that nothing can speak of it any more.
  const targets = [...below, ...own].filter(({ kind }) => kind !== "FooList" || random.chance(0.1));
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
  { share: 0.1, make: openApi },
  { share: 0.05, make: crds },
];

function buildMetadata({ random }: Context): string {
  return `buildMetadata: [${random.some(["originAnnotations", "transformerAnnotations"], 2).join(", ")}]\n`;
}

function mapGenerators({ random, files, directory }: Context): string {
  const kind = random.pick(["configMapGenerator", "secretGenerator"]);
  let text = `${kind}:\n- name: ${random.pick(["gen", "gen2", "gen3", "one"])}\n`;
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

function replicas({ random, targets }: Context): string {
  const object = targets.find(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  return object ? `replicas:\n- name: ${object.name}\n  count: ${random.below(9)}\n` : "";
}

function vars({ random, directory, targets }: Context): string {
  if (targets.length === 0) return "";
  // A var may be declared once only.
  const own = directory === "overlay" ? ["VAR_A", "VAR_B"] : [`VAR_${directory}`];
  return `vars:\n${own
    .filter(() => random.chance(0.7))
    .map((name) => {
      const object = random.pick(targets);
      return `- name: ${name}\n  objref:\n    kind: ${object.kind}\n    name: ${object.name}\n    apiVersion: ${object.apiVersion}\n${random.chance(0.4) ? `  fieldref:\n    fieldpath: ${random.pick(random.chance(0.8) ? ["metadata.name", ...sourceFields(object)] : ["metadata.namespace"])}\n` : ""}`;
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
