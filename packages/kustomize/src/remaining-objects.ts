// Which objects are left at the end of a build (kustomize: `KustTarget.IgnoreLocal`).
import { getChild } from "@slipway/yaml";
import { refuseIncomplete } from "./read-resources.ts";
import type { Resource } from "./resource.ts";
import { appendAll } from "./resource-list.ts";
import { isNilOrEmpty } from "./set-value.ts";

/**
 * The objects without those that are deleted or only there for the build (`config.kubernetes.io/local-config`).
 * Throws a ProblemError for one that has lost its kind or name and for two that have become the same.
 */
export function remainingObjects(resources: readonly Resource[]): Resource[] {
  const present = resources.filter(({ root }) => !isNilOrEmpty(root));
  for (const { root } of present) refuseIncomplete(root);
  const remaining: Resource[] = [];
  appendAll(
    remaining,
    present.filter((resource) => !isLocal(resource)),
  );
  return remaining;
}

function isLocal(resource: Resource): boolean {
  const annotations = getChild(getChild(resource.root, "metadata"), "annotations");
  const local = getChild(annotations, "config.kubernetes.io/local-config");
  return local !== undefined && local.text !== "false";
}
