// Merges one patch into one object, whose name, kind and namespace stay unless the patch may change them.
import { cloneNode, getChild, removeChild, scalarNode, type YamlNode } from "@slipway/yaml";
import { mergeNodes } from "../merge/strategic-merge.ts";
import { apiVersionOf, kindOf, nameOf, namespaceOf, type Resource, storePreviousId } from "../resource.ts";
import type { BuildScope } from "../scope.ts";
import { ensureMap, setEntry, setStringMap, stringEntries } from "../set-value.ts";
import type { Step } from "../step.ts";

/** Changes the object in place; one that the patch deletes is left with a null. */
export function applyMergePatch(resource: Resource, patch: Resource, scope: BuildScope): void {
  const name = nameOf(resource);
  const namespace = namespaceOf(resource);
  const kind = kindOf(resource);
  if (patch.allowNameChange || patch.allowKindChange) storePreviousId(resource);
  const step: Step = { kind: "strategic-merge", at: patch.root };
  const { schema, unprintable } = scope;
  const context = { lookup: schema.lookup, step, emptied: unprintable };
  const merged = mergeNodes(resource.root, cloneNode(patch.root), undefined, context);
  if (merged === null) {
    resource.root = scalarNode("null", "null");
    return;
  }
  resource.root = merged;
  withdraw(getChild(merged, "apiVersion"), step);
  if (!patch.allowKindChange) restore(merged, "kind", kind, step);
  if (!patch.allowNameChange) restore(ensureMap(merged, "metadata", step), "name", name, step);
  const metadata = getChild(merged, "metadata");
  if (namespace !== "") restore(ensureMap(merged, "metadata", step), "namespace", namespace, step);
  else if (metadata !== undefined) removeChild(metadata, "namespace");
}

/** Sets a field that the patch may not change to what it was; it has no tag then. */
function restore(map: YamlNode, key: string, text: string, step: Step): void {
  const node = getChild(map, key);
  withdraw(node, step);
  if (node === undefined) setEntry(map, key, text, step);
  else Object.assign(node, { text, type: "untagged" });
}

/** What a patch says in a field that names its target is no change of it: the field's history goes on as it was. */
function withdraw(node: YamlNode | undefined, step: Step): void {
  if (node?.change?.cause !== step || node.change.before === null) return;
  const { key, text, type } = node;
  Object.assign(node, node.change.before, { key, text, type });
}

/**
 * The copy of a patch that kustomize makes when it selects the objects first: labels and annotations are
 * rewritten as strings then, so that a null there no longer deletes; name, kind and apiVersion, which is
 * that of the object, have no tag (api/resmap `ApplySmPatch`).
 */
export function selectedPatch(patch: Resource, resource: Resource): Resource {
  const root = cloneNode(patch.root);
  const step: Step = { kind: "strategic-merge", at: patch.root };
  const metadata = ensureMap(root, "metadata", step);
  for (const key of ["labels", "annotations"]) {
    setStringMap(metadata, key, stringEntries(getChild(metadata, key)), step);
  }
  setEntry(metadata, "name", nameOf(patch), step);
  setEntry(root, "apiVersion", apiVersionOf(resource), step);
  setEntry(root, "kind", kindOf(patch), step);
  return { ...patch, root };
}
