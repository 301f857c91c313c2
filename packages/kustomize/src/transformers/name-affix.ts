// `namePrefix` and `nameSuffix`.
import { visitFields } from "../field-spec.ts";
import { type Gvk, isSelectedBy } from "../identity.ts";
import { originalId, type Resource, storePreviousId } from "../resource.ts";
import { setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import type { FieldSpec } from "../transformer-config.ts";

/** Kinds whose names are given by others. */
const skipped: readonly Gvk[] = [
  { group: "", version: "", kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", version: "", kind: "APIService" },
  { group: "", version: "", kind: "Namespace" },
];

export interface AffixOptions {
  readonly affix: string;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly side: "prefix" | "suffix";
  readonly step: Step;
}

/** Changes the names of all objects but those whose name is not theirs to change. */
export function applyAffix(resources: readonly Resource[], options: AffixOptions): void {
  const { affix, side, step } = options;
  for (const resource of resources) {
    const id = originalId(resource);
    if (skipped.some((gvk) => isSelectedBy(id, gvk))) continue;
    for (const spec of options.fieldSpecs) {
      if (!isSelectedBy(id, spec)) continue;
      if (spec.path === "metadata/name" && affix !== "") {
        (side === "prefix" ? resource.prefixes : resource.suffixes).push(affix);
        storePreviousId(resource);
      }
      visitFields(resource.root, spec, {
        set: (node) => setScalar(node, side === "prefix" ? affix + node.text : node.text + affix, step),
        create: "scalar",
        createType: "string",
        step,
      });
    }
  }
}
