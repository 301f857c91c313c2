// Fields that kustomize has replaced by others.
import type { Kustomization } from "./kustomization.ts";
import type { BuildScope } from "./scope.ts";

const deprecated = {
  bases: "resources",
  commonLabels: "labels",
  imageTags: "images",
  patchesJson6902: "patches",
  patchesStrategicMerge: "patches",
  vars: "replacements",
} as const;

/** Adds a warning for each deprecated field of a kustomization. */
export function warnOfDeprecations(kustomization: Kustomization, scope: BuildScope): void {
  for (const [old, instead] of Object.entries(deprecated)) {
    const node = kustomization.node.children.find((child) => child.key === old);
    if (node === undefined || node.type === "null") continue;
    scope.warn("deprecated", `'${old}' is deprecated. Please use '${instead}' instead.`, node);
  }
}
