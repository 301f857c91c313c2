// What a kustomization file may say, and how it is read.
import { readNode, type YamlNode } from "@slipway/yaml";
import { type Decoder, flag, integer, list, located, looseText, mapOf, record, text } from "./decode.ts";
import { chartDecoder, helmGlobalsDecoder, oldChartDecoder } from "./helm/chart.ts";
import { type LoadedFile, textOf } from "./loaded-file.ts";
import { join, type Loader, loadFile } from "./loader.ts";
import { failure } from "./problem.ts";

type Unknown = "refuse" | "ignore";

const gvkFields = (string: Decoder<string>) => ({ group: string, version: string, kind: string });

export const fieldSpecDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record({ ...gvkFields(string), path: string, create: flag }, unknown);

export const selectorDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record(
    {
      ...gvkFields(string),
      name: string,
      namespace: string,
      annotationSelector: string,
      labelSelector: string,
    },
    unknown,
  );

const fieldOptionsDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record({ delimiter: string, index: integer, encoding: string, create: flag }, unknown);

const replacementFields = (string: Decoder<string>, unknown: Unknown) => ({
  source: record(
    {
      ...gvkFields(string),
      name: string,
      namespace: string,
      fieldPath: string,
      options: fieldOptionsDecoder(string, unknown),
    },
    unknown,
  ),
  sourceValue: string,
  targets: list(
    record(
      {
        select: selectorDecoder(string, unknown),
        reject: list(selectorDecoder(string, unknown)),
        fieldPaths: list(string),
        options: fieldOptionsDecoder(string, unknown),
      },
      unknown,
    ),
  ),
});

/** A replacement as a file of its own holds it: unknown keys are ignored there. */
export const replacementDecoder = record(replacementFields(looseText, "ignore"), "ignore");

const replacementEntryDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record({ ...replacementFields(string, unknown), path: string }, unknown);

export const generatorOptionsDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record(
    { labels: mapOf(string), annotations: mapOf(string), disableNameSuffixHash: flag, immutable: flag },
    unknown,
  );

export const generatorFields = (string: Decoder<string>, unknown: Unknown) => ({
  namespace: string,
  name: string,
  behavior: string,
  literals: list(located(string)),
  files: list(located(string)),
  envs: list(located(string)),
  env: located(string),
  options: generatorOptionsDecoder(string, unknown),
});

export const patchFields = (string: Decoder<string>, unknown: Unknown) => ({
  path: located(string),
  patch: located(string),
  target: selectorDecoder(string, unknown),
  options: record({ allowNameChange: flag, allowKindChange: flag }, unknown),
});

export const imageDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record({ name: string, newName: string, tagSuffix: string, newTag: string, digest: string }, unknown);

export const replicaDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record({ name: string, count: integer }, unknown);

export const sortOptionsDecoder = (string: Decoder<string>, unknown: Unknown) =>
  record(
    {
      order: string,
      legacySortOptions: record({ orderFirst: list(string), orderLast: list(string) }, unknown),
    },
    unknown,
  );

export const replacementListDecoder = (string: Decoder<string>, unknown: Unknown) =>
  list(replacementEntryDecoder(string, unknown));

const strings = list(located(text));

const kustomizationDecoder = record({
  apiVersion: text,
  kind: text,
  metadata: record({
    name: text,
    namespace: text,
    labels: mapOf(text),
    annotations: mapOf(text),
  }),
  openapi: mapOf(text),
  namePrefix: located(text),
  nameSuffix: located(text),
  namespace: located(text),
  commonLabels: located(mapOf(text)),
  labels: list(
    record({
      pairs: mapOf(text),
      includeSelectors: flag,
      includeTemplates: flag,
      fields: list(fieldSpecDecoder(text, "refuse")),
    }),
  ),
  commonAnnotations: located(mapOf(text)),
  patchesStrategicMerge: strings,
  patchesJson6902: list(record(patchFields(text, "refuse"))),
  patches: list(record(patchFields(text, "refuse"))),
  images: list(imageDecoder(text, "refuse")),
  imageTags: list(imageDecoder(text, "refuse")),
  replacements: replacementListDecoder(text, "refuse"),
  replicas: list(replicaDecoder(text, "refuse")),
  vars: list(
    record({
      name: text,
      objref: record({ ...gvkFields(text), apiVersion: text, name: text, namespace: text }),
      fieldref: record({ fieldPath: text }),
    }),
  ),
  sortOptions: sortOptionsDecoder(text, "refuse"),
  resources: strings,
  components: strings,
  crds: strings,
  bases: strings,
  configMapGenerator: list(record(generatorFields(text, "refuse"))),
  secretGenerator: list(record({ ...generatorFields(text, "refuse"), type: text })),
  helmGlobals: helmGlobalsDecoder,
  helmCharts: list(chartDecoder),
  helmChartInflationGenerator: list(oldChartDecoder),
  generatorOptions: generatorOptionsDecoder(text, "refuse"),
  configurations: strings,
  generators: strings,
  transformers: strings,
  validators: strings,
  buildMetadata: located(list(text)),
});

/** A kustomization's content. */
export type Kustomization = ReturnType<typeof kustomizationDecoder> & {
  /** Its file, as it is shown to people. */
  readonly file: string;
  /** The file's name alone. */
  readonly fileName: string;
};

export type SelectorEntry = ReturnType<ReturnType<typeof selectorDecoder>>;
export type ReplacementEntry = ReturnType<ReturnType<typeof replacementEntryDecoder>>;
export type Replacement = ReturnType<typeof replacementDecoder>;
export type FieldOptions = ReturnType<ReturnType<typeof fieldOptionsDecoder>>;
export type GeneratorEntry = NonNullable<Kustomization["secretGenerator"]>[number];
export type GeneratorOptions = NonNullable<Kustomization["generatorOptions"]>;
export type PatchEntry = NonNullable<Kustomization["patches"]>[number];
export type ImageEntry = NonNullable<Kustomization["images"]>[number];
export type ReplicaEntry = NonNullable<Kustomization["replicas"]>[number];
export type LabelEntry = NonNullable<Kustomization["labels"]>[number];
export type VarEntry = NonNullable<Kustomization["vars"]>[number];
export type SortOptions = NonNullable<Kustomization["sortOptions"]>;

/** The names under which a kustomization is looked for. */
export const kustomizationFileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

/** Reads the kustomization of a loader's directory; `at` is the entry that led there. */
export function readKustomization(loader: Loader, at: YamlNode | null): Kustomization {
  const { fileSystem } = loader.context;
  const present = kustomizationFileNames.filter(
    (name) => fileSystem.kind(join(loader.root, name)) === "file",
  );
  const [name, second] = present;
  if (name === undefined) {
    throw failure("no-kustomization", `${loader.shown} holds none of ${kustomizationFileNames.join(", ")}`, {
      node: at,
      next: "Name a directory with a kustomization, or list its files one by one.",
    });
  }
  if (second !== undefined) {
    throw failure("two-kustomizations", `${loader.shown} holds both ${name} and ${second}`, {
      node: at,
      next: "Keep one of them.",
    });
  }
  return parseKustomization(loadFile(loader, name, at), name);
}

function parseKustomization(file: LoadedFile, fileName: string): Kustomization {
  const root = readNode(textOf(file), { file: file.path, dialect: "kubectl" });
  const decoded = kustomizationDecoder(root, "");
  refuseEmpty(decoded, file.path);
  refuseOtherKinds(decoded);
  return { ...decoded, file: file.path, fileName };
}

function refuseEmpty(kustomization: ReturnType<typeof kustomizationDecoder>, path: string): void {
  const says = Object.entries(kustomization).some(([key, value]) => {
    if (key === "node" || key === "apiVersion" || key === "kind") return false;
    if (typeof value === "object" && value !== null && "value" in value) return value.value !== "";
    return value !== undefined;
  });
  if (says) return;
  throw failure("empty-kustomization", `${path}: kustomization.yaml is empty`, {
    node: kustomization.node,
    next: "List at least one resource.",
  });
}

function refuseOtherKinds(kustomization: ReturnType<typeof kustomizationDecoder>): void {
  const { kind = "", apiVersion = "", node } = kustomization;
  const known = ["", "Kustomization", "Component"].includes(kind);
  const entry = (key: string) => node.children.find((child) => child.key.toLowerCase() === key.toLowerCase());
  if (!known) {
    throw failure("wrong-kind", "kind should be Kustomization or Component", { node: entry("kind") ?? node });
  }
  const required =
    kind === "Component" ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";
  if (apiVersion === "" || apiVersion === required) return;
  throw failure("wrong-version", `apiVersion for ${kind || "Kustomization"} should be ${required}`, {
    node: entry("apiVersion") ?? node,
  });
}
