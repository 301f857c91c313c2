// The transformers of a kustomization in kustomize's order.
import type { Accumulator } from "./accumulator.ts";
import type { Kustomization } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import { dropDeleted } from "./resource-list.ts";
import type { BuildScope } from "./scope.ts";
import { applyImage } from "./transformers/images.ts";
import { applyEntries, applyLabels } from "./transformers/labels.ts";
import { applyAffix } from "./transformers/name-affix.ts";
import { applyNamespace } from "./transformers/namespace.ts";
import { applyJsonEntry, applyMergeEntries, applyPatchEntry } from "./transformers/patches.ts";
import { applyReplacements } from "./transformers/replacements.ts";
import { applyReplicas } from "./transformers/replicas.ts";

/** Changes the gathered objects in place. */
export function runTransformers(
  accumulator: Accumulator,
  kustomization: Kustomization,
  loader: Loader,
  scope: BuildScope,
): void {
  const { resources, config } = accumulator;
  const { patchesStrategicMerge, namespace, namePrefix, nameSuffix, commonAnnotations } = kustomization;
  if (patchesStrategicMerge?.length) applyMergeEntries(resources, patchesStrategicMerge, loader, scope);
  for (const entry of kustomization.patches ?? []) {
    applyPatchEntry(resources, entry, loader, scope);
    dropDeleted(resources);
  }
  if (namespace) {
    applyNamespace(resources, {
      namespace: namespace.value,
      fieldSpecs: config.namespace,
      step: { kind: "namespace", at: namespace.node },
    });
  }
  if (namePrefix?.value) {
    applyAffix(resources, {
      affix: namePrefix.value,
      fieldSpecs: config.namePrefix,
      side: "prefix",
      step: { kind: "namePrefix", at: namePrefix.node },
    });
  }
  if (nameSuffix?.value) {
    applyAffix(resources, {
      affix: nameSuffix.value,
      fieldSpecs: config.nameSuffix,
      side: "suffix",
      step: { kind: "nameSuffix", at: nameSuffix.node },
    });
  }
  applyLabels(resources, kustomization, config);
  if (commonAnnotations) {
    applyEntries(resources, {
      entries: commonAnnotations.value,
      fieldSpecs: config.commonAnnotations,
      step: { kind: "annotations", at: commonAnnotations.node },
    });
  }
  for (const entry of kustomization.patchesJson6902 ?? []) applyJsonEntry(resources, entry, loader, scope);
  for (const replica of kustomization.replicas ?? []) {
    applyReplicas(resources, {
      replica,
      fieldSpecs: config.replicas,
      step: { kind: "replicas", at: replica.node },
    });
  }
  for (const image of [...(kustomization.images ?? []), ...(kustomization.imageTags ?? [])]) {
    const step = { kind: "images", at: image.node } as const;
    const count = applyImage(resources, { image, fieldSpecs: config.images, step });
    if (count === 0) scope.warn("no-match", `no image matches ${image.name ?? ""}`, image.node);
  }
  if (kustomization.replacements?.length) {
    applyReplacements(resources, kustomization.replacements, loader, scope);
  }
}
