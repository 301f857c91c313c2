// The transformers of a kustomization in kustomize's order.
import { cloneNode, getChild, printNode, removeChild } from "@slipway/yaml";
import type { Accumulator } from "./accumulator.ts";
import { recordTransformation } from "./build-metadata.ts";
import { builtInOrigin } from "./origin.ts";
import { pluginOrigin } from "./plugin-origin.ts";
import { runTransformerPlugin } from "./plugins/transformer-plugins.ts";
import { failure } from "./problem.ts";
import type { Resource } from "./resource.ts";
import { dropDeleted, placeOf } from "./resource-list.ts";
import { entryOf } from "./step.ts";
import type { PluginReader, Target } from "./target.ts";
import { applyImage, findImages, type ImageFields } from "./transformers/images.ts";
import { applyEntries, labelFieldSpecs } from "./transformers/labels.ts";
import { applyAffix } from "./transformers/name-affix.ts";
import { applyNamespace } from "./transformers/namespace.ts";
import { applyJsonEntry, applyMergeEntries, applyPatchEntry } from "./transformers/patches.ts";
import { applyReplacements } from "./transformers/replacements.ts";
import { applyReplicas } from "./transformers/replicas.ts";

/** One transformer: its kind as `buildMetadata` names it, and what it does. */
interface Transformer {
  readonly kind: string;
  readonly run: () => void;
}

/** Changes the gathered objects in place. */
export function runTransformers(accumulator: Accumulator, target: Target, readPlugins: PluginReader): void {
  const { kustomization, loader, scope, origin } = target;
  const { resources } = accumulator;
  const plugins = readPlugins(target, kustomization.transformers ?? []);
  for (const transformer of builtInTransformers(accumulator, target)) {
    transformer.run();
    if (scope.tracksOrigins) {
      recordTransformation(resources, builtInOrigin(origin, kustomization.fileName, transformer.kind));
    }
    dropDeleted(resources);
  }
  for (const plugin of plugins) {
    runTransformerPlugin(plugin, resources, loader, scope);
    const from = pluginOrigin(plugin);
    if (from) recordTransformation(resources, from);
    dropDeleted(resources);
  }
}

/** Validators are transformers that must leave everything as it is. */
export function runValidators(accumulator: Accumulator, target: Target, readPlugins: PluginReader): void {
  const plugins = readPlugins(target, target.kustomization.validators ?? []);
  for (const plugin of plugins) validate(accumulator.resources, plugin, target);
}

function builtInTransformers(accumulator: Accumulator, target: Target): Transformer[] {
  return [...patchTransformers(accumulator, target), ...fieldTransformers(accumulator, target)];
}

function patchTransformers(
  { resources }: Accumulator,
  { kustomization, loader, scope }: Target,
): Transformer[] {
  const merges = kustomization.patchesStrategicMerge ?? [];
  const transformers: Transformer[] = (kustomization.patches ?? []).map((entry) => ({
    kind: "PatchTransformer",
    run: () => applyPatchEntry(resources, entry, loader, scope),
  }));
  if (merges.length > 0) {
    transformers.unshift({
      kind: "PatchStrategicMergeTransformer",
      run: () => applyMergeEntries(resources, merges, loader, scope),
    });
  }
  return transformers;
}

function fieldTransformers(accumulator: Accumulator, target: Target): Transformer[] {
  const { resources, config } = accumulator;
  const { kustomization, loader, scope } = target;
  const { namespace, namePrefix, nameSuffix, commonAnnotations } = kustomization;
  const transformers: Transformer[] = [];
  const add = (kind: string, run: () => void) => transformers.push({ kind, run });
  if (namespace?.value) {
    const step = { kind: "namespace", at: namespace.node } as const;
    add("NamespaceTransformer", () =>
      applyNamespace(resources, { namespace: namespace.value, fieldSpecs: config.namespace, step }),
    );
  }
  if (namePrefix?.value) {
    const step = { kind: "namePrefix", at: namePrefix.node } as const;
    const options = { affix: namePrefix.value, fieldSpecs: config.namePrefix, side: "prefix", step } as const;
    add("PrefixTransformer", () => applyAffix(resources, options));
  }
  if (nameSuffix?.value) {
    const step = { kind: "nameSuffix", at: nameSuffix.node } as const;
    const options = { affix: nameSuffix.value, fieldSpecs: config.nameSuffix, side: "suffix", step } as const;
    add("SuffixTransformer", () => applyAffix(resources, options));
  }
  for (const run of labelRuns(accumulator, target)) add("LabelTransformer", run);
  if (commonAnnotations && commonAnnotations.value.size > 0) {
    const step = { kind: "annotations", at: commonAnnotations.node } as const;
    const entries = commonAnnotations.value;
    const map = commonAnnotations.node;
    add("AnnotationsTransformer", () =>
      applyEntries(resources, { entries, map, fieldSpecs: config.commonAnnotations, step }),
    );
  }
  for (const entry of kustomization.patchesJson6902 ?? []) {
    add("PatchJson6902Transformer", () => applyJsonEntry(resources, entry, loader, scope));
  }
  for (const replica of kustomization.replicas ?? []) {
    const step = { kind: "replicas", at: entryOf(replica.node, "count") } as const;
    add("ReplicaCountTransformer", () =>
      applyReplicas(resources, { replica, fieldSpecs: config.replicas, step }),
    );
  }
  let imageFields: ImageFields | undefined;
  for (const image of [...(kustomization.images ?? []), ...(kustomization.imageTags ?? [])]) {
    const step = {
      kind: "images",
      at: entryOf(image.node, "newTag", "digest", "newName", "tagSuffix"),
    } as const;
    add("ImageTagTransformer", () => {
      imageFields ??= findImages(resources, config.images);
      const count = applyImage(imageFields, image, step);
      if (count === 0) scope.warn("no-match", `no image matches ${image.name ?? ""}`, image.node);
    });
  }
  const replacements = kustomization.replacements ?? [];
  if (replacements.length > 0) {
    add("ReplacementTransformer", () => applyReplacements(resources, replacements, loader, scope));
  }
  return transformers;
}

/** One run for each entry of `labels` and one for `commonLabels`, be it empty. */
function labelRuns({ resources, config }: Accumulator, { kustomization }: Target): (() => void)[] {
  const { labels = [], commonLabels } = kustomization;
  if (labels.length === 0 && (commonLabels?.value.size ?? 0) === 0) return [];
  const runs = labels.map((label) => () => {
    applyEntries(resources, {
      entries: label.pairs ?? new Map(),
      map: entryOf(label.node, "pairs"),
      fieldSpecs: labelFieldSpecs(label, config),
      step: { kind: "labels", at: label.node },
    });
  });
  runs.push(() => {
    if (!commonLabels) return;
    const step = { kind: "labels", at: commonLabels.node } as const;
    applyEntries(resources, {
      entries: commonLabels.value,
      map: commonLabels.node,
      fieldSpecs: config.commonLabels,
      step,
    });
  });
  return runs;
}

/** Runs a validator on a copy and compares. */
function validate(resources: readonly Resource[], plugin: Resource, { loader, scope }: Target): void {
  const copies = resources.map((resource) => ({ ...resource, root: cloneNode(resource.root) }));
  runTransformerPlugin(plugin, copies, loader, scope);
  for (const copy of copies) removeValidatedBy(copy);
  const before = printAll(resources);
  const after = printAll(copies);
  if (before === after) return;
  throw failure("validator-changes", "validator shouldn't modify the resource map", {
    node: placeOf(plugin),
  });
}

function printAll(resources: readonly Resource[]): string {
  return resources.map((resource) => printNode(resource.root)).join("---\n");
}

/** A validator may leave its mark. */
function removeValidatedBy(resource: Resource): void {
  const labels = getChild(getChild(resource.root, "metadata"), "labels");
  if (labels) removeChild(labels, "validated-by");
}
