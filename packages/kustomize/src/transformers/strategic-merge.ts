// Merges one patch into one object, whose name, kind and namespace stay unless the patch may change them.
import {
  cloneNode,
  getChild,
  isScalar,
  removeChild,
  resolvePlain,
  scalarNode,
  type YamlNode,
} from "@slipway/yaml";
import { mergeNodes } from "../merge/strategic-merge.ts";
import { apiVersionOf, kindOf, nameOf, namespaceOf, type Resource, storePreviousId } from "../resource.ts";
import type { BuildScope } from "../scope.ts";
import { carryTag, ensureMap, isUntagged, markUntagged, setStringMap, stringEntries } from "../set-value.ts";
import type { Step } from "../step.ts";

/** Changes the object in place; one that the patch deletes is left with a null. */
export function applyMergePatch(resource: Resource, patch: Resource, scope: BuildScope): void {
  const name = nameOf(resource);
  const namespace = namespaceOf(resource);
  const kind = kindOf(resource);
  const version = apiVersionOf(resource);
  if (patch.allowNameChange || patch.allowKindChange) storePreviousId(resource);
  const step: Step = { kind: "strategic-merge", at: patch.root };
  const copy = cloneNode(patch.root);
  for (const key of ["name", "namespace"]) {
    const [from, to] = [patch.root, copy].map((root) => getChild(getChild(root, "metadata"), key));
    if (from && to) carryTag(from, to);
  }
  // The patch counts as being of the object's apiVersion.
  const apiVersion = getChild(resource.root, "apiVersion");
  const copyVersion = getChild(copy, "apiVersion");
  if (apiVersion && copyVersion) copyVersion.text = apiVersion.text;
  const merged = mergeNodes(resource.root, copy, undefined, { lookup: scope.schema.lookup, step });
  if (merged === null) {
    resource.root = scalarNode("null", "null");
    return;
  }
  resource.root = merged;
  if (version !== "") restoreVersion(resource, version, patch, step);
  if (!patch.allowKindChange) restore(resource, [], "kind", kind, step);
  if (!patch.allowNameChange) restore(resource, ["metadata"], "name", name, step);
  restoreNamespace(resource, namespace, step);
}

/** Sets a field that the patch may not change to what it was; its type is what the text reads as. */
function restore(resource: Resource, path: readonly string[], key: string, text: string, step: Step): void {
  let parent = resource.root;
  for (const part of path) parent = ensureMap(parent, part, step);
  const node = getChild(parent, key);
  if (node === undefined) {
    const added = scalarNode(text);
    added.quoted = resolvePlain(text, "kustomize") !== "string";
    added.key = key;
    parent.children.push(added);
    return;
  }
  // What the patch says here only names its target: the field goes on as it was.
  const { quoted } = node;
  if (node.change?.cause === step && node.change.before) Object.assign(node, node.change.before);
  Object.assign(node, { key, text, quoted });
  takeTypeOfText(node);
}

/** The apiVersion keeps its tag, unless kustomize has set that of the patch. */
function restoreVersion(resource: Resource, version: string, patch: Resource, step: Step): void {
  restore(resource, [], "apiVersion", version, step);
  const own = getChild(patch.root, "apiVersion");
  const node = getChild(resource.root, "apiVersion");
  if (own && node && !isUntagged(own)) markUntagged(node, false);
}

function takeTypeOfText(node: YamlNode): void {
  node.type = node.quoted ? "string" : resolvePlain(node.text, "kustomize");
  markUntagged(node, true);
}

function restoreNamespace(resource: Resource, namespace: string, step: Step): void {
  const metadata = getChild(resource.root, "metadata");
  if (namespace === "") {
    if (metadata) removeChild(metadata, "namespace");
  } else restore(resource, ["metadata"], "namespace", namespace, step);
}

/**
 * The copy of a patch that kustomize makes when it selects the objects first: labels and annotations are
 * rewritten as strings then, so that a null there no longer deletes, name and namespace without a tag.
 */
export function selectedPatch(patch: Resource): Resource {
  const root = cloneNode(patch.root);
  const metadata = getChild(root, "metadata");
  const step: Step = { kind: "strategic-merge", at: patch.root };
  for (const key of ["labels", "annotations"]) {
    const node = getChild(metadata, key);
    if (metadata && node?.type === "map") setStringMap(metadata, key, stringEntries(node), step);
  }
  const set = ["name", "namespace"].map((key) => getChild(metadata, key));
  for (const node of [...set, getChild(root, "apiVersion")]) {
    if (node !== undefined && isScalar(node)) takeTypeOfText(node);
  }
  return { ...patch, root };
}
