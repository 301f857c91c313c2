// `labels`, `commonLabels` and `commonAnnotations`: entries that every object gets.
import type { YamlNode } from "@slipway/yaml";
import { visitAllFields } from "../field-spec.ts";
import type { LabelEntry } from "../kustomization.ts";
import type { Resource } from "../resource.ts";
import { createdScalar, putEntry } from "../set-value.ts";
import { entryOf, type Step } from "../step.ts";
import { type FieldSpec, fieldSpec, mergeFieldSpecs, type TransformerConfig } from "../transformer-config.ts";

export interface EntriesOptions {
  readonly entries: ReadonlyMap<string, string>;
  /** Where they are written. */
  readonly map?: YamlNode;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly step: Step;
}

/** Sets the entries in all fields that the specs name. */
export function applyEntries(resources: readonly Resource[], options: EntriesOptions): void {
  const { map } = options;
  const keys = [...options.entries.keys()].sort();
  const steps = new Map(
    keys.map((key) => [key, map ? { ...options.step, at: entryOf(map, key) } : options.step]),
  );
  for (const resource of resources) {
    for (const key of keys) {
      // One node for all fields of an object, as in kustomize: when a later step changes the one, all change.
      const step = steps.get(key) as Step;
      const shared = createdScalar(options.entries.get(key) as string, "string", step);
      shared.key = key;
      visitAllFields(resource.root, options.fieldSpecs, {
        set: (node) => putEntry(node, shared, step),
        create: "map",
        step,
      });
    }
  }
}

/** The fields that one entry of `labels` is for. */
export function labelFieldSpecs(label: LabelEntry, config: TransformerConfig): readonly FieldSpec[] {
  const own = mergeFieldSpecs((label.fields ?? []).map(fieldSpec), config.labels);
  if (label.includeSelectors) return mergeFieldSpecs(own, config.commonLabels);
  const withTemplates = label.includeTemplates ? mergeFieldSpecs(own, config.templateLabels) : own;
  return mergeFieldSpecs(withTemplates, [fieldSpec({ path: "metadata/labels", create: true })]);
}
