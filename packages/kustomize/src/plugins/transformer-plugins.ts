// Built-in transformers that a configuration object asks for.
import type { YamlNode } from "@slipway/yaml";
import { flag, list, located, looseText, mapOf } from "../decode.ts";
import {
  fieldSpecDecoder,
  imageDecoder,
  patchFields,
  replacementListDecoder,
  replicaDecoder,
  selectorDecoder,
} from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { failure } from "../problem.ts";
import { kindOf, type Resource } from "../resource.ts";
import type { BuildScope } from "../scope.ts";
import type { Step } from "../step.ts";
import { fieldSpec } from "../transformer-config.ts";
import { applyHashes } from "../transformers/hash.ts";
import { applyImage, findImages } from "../transformers/images.ts";
import { applyEntries } from "../transformers/labels.ts";
import { applyAffix } from "../transformers/name-affix.ts";
import { applyNamespace, type SubjectMode } from "../transformers/namespace.ts";
import { applyJsonEntry, applyMergeEntries, applyPatchEntry } from "../transformers/patches.ts";
import { applyReplacements } from "../transformers/replacements.ts";
import { applyReplicas } from "../transformers/replicas.ts";
import { metadata, pluginConfig } from "./plugin-config.ts";
import { refuseForeign, unknownPlugin } from "./refusals.ts";
import { addValues } from "./value-add.ts";

type Transform = (root: YamlNode, resources: Resource[], loader: Loader, scope: BuildScope) => void;

const specs = list(fieldSpecDecoder(looseText, "ignore"));
const entriesConfig = pluginConfig({
  labels: mapOf(looseText),
  annotations: mapOf(looseText),
  fieldSpecs: specs,
});
const namespaceConfig = pluginConfig({
  metadata,
  fieldSpecs: specs,
  unsetOnly: flag,
  setRoleBindingSubjects: looseText,
});
const affixConfig = pluginConfig({ prefix: looseText, suffix: looseText, fieldSpecs: specs });
const imageConfig = pluginConfig({ imageTag: imageDecoder(looseText, "ignore"), fieldSpecs: specs });
const replicaConfig = pluginConfig({ replica: replicaDecoder(looseText, "ignore"), fieldSpecs: specs });
const replacementConfig = pluginConfig({ replacements: replacementListDecoder(looseText, "ignore") });
const patchConfig = pluginConfig(patchFields(looseText, "ignore"));
const jsonPatchConfig = pluginConfig({
  target: selectorDecoder(looseText, "ignore"),
  path: located(looseText),
  jsonOp: located(looseText),
});
const mergePatchConfig = pluginConfig({ paths: list(located(looseText)), patches: located(looseText) });
const transformers: Readonly<Record<string, Transform>> = {
  AnnotationsTransformer: (root, resources) => {
    const { annotations, fieldSpecs } = entriesConfig(root, "");
    const step: Step = { kind: "annotations", at: root };
    applyEntries(resources, {
      entries: annotations ?? new Map(),
      fieldSpecs: (fieldSpecs ?? []).map(fieldSpec),
      step,
    });
  },
  LabelTransformer: (root, resources) => {
    const { labels, fieldSpecs } = entriesConfig(root, "");
    const step: Step = { kind: "labels", at: root };
    applyEntries(resources, {
      entries: labels ?? new Map(),
      fieldSpecs: (fieldSpecs ?? []).map(fieldSpec),
      step,
    });
  },
  HashTransformer: (_root, resources) => applyHashes(resources),
  ImageTagTransformer: (root, resources) => {
    const { imageTag, fieldSpecs } = imageConfig(root, "");
    if (!imageTag) return;
    const step: Step = { kind: "images", at: root };
    applyImage(findImages(resources, (fieldSpecs ?? []).map(fieldSpec)), imageTag, step);
  },
  NamespaceTransformer: (root, resources) => {
    const entry = namespaceConfig(root, "");
    applyNamespace(resources, {
      namespace: entry.metadata?.namespace ?? "",
      fieldSpecs: (entry.fieldSpecs ?? []).map(fieldSpec),
      unsetOnly: entry.unsetOnly ?? false,
      subjects: subjectMode(entry.setRoleBindingSubjects ?? "", root),
      step: { kind: "namespace", at: root },
    });
  },
  PrefixTransformer: (root, resources) => affix(root, resources, "prefix"),
  SuffixTransformer: (root, resources) => affix(root, resources, "suffix"),
  PrefixSuffixTransformer: (root, resources) => {
    affix(root, resources, "prefix");
    affix(root, resources, "suffix");
  },
  PatchTransformer: (root, resources, loader, scope) =>
    applyPatchEntry(resources, patchConfig(root, ""), loader, scope),
  PatchJson6902Transformer: (root, resources, loader, scope) => {
    const { target, path, jsonOp, node } = jsonPatchConfig(root, "");
    const entry = {
      node,
      ...(target ? { target } : {}),
      ...(path ? { path } : {}),
      ...(jsonOp ? { patch: jsonOp } : {}),
    };
    applyJsonEntry(resources, entry, loader, scope);
  },
  PatchStrategicMergeTransformer: (root, resources, loader, scope) => {
    const { paths, patches } = mergePatchConfig(root, "");
    const entries = [...(paths ?? []), ...(patches && patches.value !== "" ? [patches] : [])];
    if (entries.length === 0) {
      throw failure("wrong-patch", "empty file path and empty patch content", { node: root });
    }
    applyMergeEntries(resources, entries, loader, scope);
  },
  ReplacementTransformer: (root, resources, loader, scope) =>
    applyReplacements(resources, replacementConfig(root, "").replacements ?? [], loader, scope),
  ReplicaCountTransformer: (root, resources) => {
    const { replica, fieldSpecs } = replicaConfig(root, "");
    if (!replica) return;
    const step: Step = { kind: "replicas", at: root };
    applyReplicas(resources, { replica, fieldSpecs: (fieldSpecs ?? []).map(fieldSpec), step });
  },
  ValueAddTransformer: addValues,
};

function affix(root: YamlNode, resources: Resource[], side: "prefix" | "suffix"): void {
  const entry = affixConfig(root, "");
  if (entry.fieldSpecs === undefined) {
    throw failure("wrong-config", "fieldSpecs is not expected to be nil", { node: root });
  }
  applyAffix(resources, {
    affix: entry[side] ?? "",
    fieldSpecs: entry.fieldSpecs.map(fieldSpec),
    side,
    step: { kind: side === "prefix" ? "namePrefix" : "nameSuffix", at: root },
  });
}

function subjectMode(text: string, node: YamlNode): SubjectMode {
  if (text === "") return "defaultOnly";
  if (text === "defaultOnly" || text === "allServiceAccounts" || text === "none") return text;
  throw failure(
    "wrong-config",
    `invalid value "${text}" for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
    { node },
  );
}

/** Runs the transformer that an object configures. */
export function runTransformerPlugin(
  plugin: Resource,
  resources: Resource[],
  loader: Loader,
  scope: BuildScope,
): void {
  refuseForeign(plugin);
  const run = transformers[kindOf(plugin)];
  if (!run) throw unknownPlugin(plugin, "transformer", kindOf(plugin).endsWith("Generator"));
  run(plugin.root, resources, loader, scope);
}
