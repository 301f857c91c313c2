// The few ways in which a build changes a node, each of which keeps what was there before.
import {
  cloneNode,
  collectionNode,
  getChild,
  isScalar,
  removeChild,
  resolvePlain,
  type ScalarType,
  scalarNode,
  type YamlNode,
} from "@slipway/yaml";
import { failure } from "./problem.ts";
import type { Step } from "./step.ts";

/**
 * Gives a scalar a new text. With a type it becomes that; without one, a quoted scalar stays a string and a
 * plain one reads as its new text does, as go-yaml has it for nodes without a tag.
 */
export function setScalar(node: YamlNode, text: string, step: Step, type?: ScalarType): void {
  if (!isScalar(node)) throw failure("wrong-kind", `expected a scalar here, found a ${node.type}`, { node });
  // A scalar keeps its quotes, and what is in quotes is printed as a string whatever was meant.
  const newType = type ?? (node.quoted ? "string" : resolvePlain(text, "kustomize"));
  if (node.text === text && node.type === newType && !isBlank(node)) {
    confirmScalar(node, step);
    return;
  }
  const before = isBlank(node) ? null : snapshot(node);
  node.text = text;
  node.type = newType;
  node.change = { cause: step, before };
  markUntagged(node, type === undefined);
}

/** Notes that a step wants the value that a scalar has already: from then on it is the step that says so. */
export function confirmScalar(node: YamlNode, step: Step): void {
  if (node.change?.cause !== step) node.change = { cause: step, before: snapshot(node) };
}

/**
 * Scalars that have no tag in kustomize, because a step set only their text. They print as what they read as, also
 * when their text changes again; steps that ask for strings take them for strings.
 */
const untagged = new WeakSet<YamlNode>();

/** Notes whether a scalar has no tag, after its text was set. */
export function markUntagged(node: YamlNode, isUntagged: boolean): void {
  if (isUntagged) untagged.add(node);
  else untagged.delete(node);
}

/** True for a scalar whose type is that which its text reads as, whatever it is set to. */
export function isUntagged(node: YamlNode): boolean {
  return untagged.has(node) && !node.quoted;
}

/** Gives a copy the missing tag of its original. */
export function carryTag(from: YamlNode, copy: YamlNode): void {
  if (untagged.has(from)) untagged.add(copy);
}

/** True for strings, and for what kustomize takes for one. */
export function countsAsString(node: YamlNode): boolean {
  return node.type === "string" || untagged.has(node);
}

/** True for a scalar that was made a moment ago and holds nothing yet. */
function isBlank(node: YamlNode): boolean {
  return node.text === "" && node.source === null && node.change === null;
}

/** Sets a map's entry to a string. */
export function setEntry(map: YamlNode, key: string, text: string, step: Step): void {
  const value = createdScalar(text, "string", step);
  value.key = key;
  putEntry(map, value, step);
}

/**
 * Puts a node under its own key into a map: an entry that is there takes over its content and keeps its
 * quotes, else the node itself goes in. Several maps may come to hold one node this way.
 */
export function putEntry(map: YamlNode, value: YamlNode, step: Step): void {
  if (map.type !== "map")
    throw failure("wrong-kind", `expected a map here, found ${map.type}`, { node: map });
  const existing = getChild(map, value.key);
  if (existing === undefined) {
    map.children.push(value);
    return;
  }
  if (existing === value) return;
  const { quoted } = existing;
  replaceNode(existing, value, step);
  existing.quoted = quoted;
}

/** Puts the content of one node into the place of another, keeping the place's key and its history. */
export function replaceNode(target: YamlNode, value: YamlNode, step: Step): void {
  const before = snapshot(target);
  target.type = value.type;
  target.text = value.text;
  target.quoted = value.quoted;
  target.children = value.children;
  target.source = value.source;
  target.offset = value.offset;
  target.keyOffset = value.keyOffset;
  target.change = { cause: step, before };
  markUntagged(target, untagged.has(value));
}

/** A scalar that a step makes. */
export function createdScalar(text: string, type: ScalarType, step: Step, quoted = false): YamlNode {
  const node = scalarNode(text, type);
  node.quoted = quoted;
  node.change = { cause: step, before: null };
  return node;
}

/** The map under a key, made if it is missing or null. */
export function ensureMap(parent: YamlNode, key: string, step: Step): YamlNode {
  const existing = getChild(parent, key);
  if (existing !== undefined) {
    if (existing.type === "null") {
      existing.type = "map";
      existing.text = "";
      existing.children = [];
    }
    return existing;
  }
  const created = collectionNode("map");
  created.key = key;
  created.change = { cause: step, before: null };
  parent.children.push(created);
  return created;
}

/** Replaces a map of strings under a key by another, sorted; an empty one is taken away. */
export function setStringMap(
  parent: YamlNode,
  key: string,
  entries: ReadonlyMap<string, string>,
  step: Step,
): void {
  const existing = getChild(parent, key);
  const old = new Map((existing?.children ?? []).map((child) => [child.key, child]));
  removeChild(parent, key);
  if (entries.size === 0) return;
  const map = existing?.type === "map" ? existing : collectionNode("map");
  map.key = key;
  map.children = [...entries.keys()].sort().map((name) => {
    const text = entries.get(name) as string;
    const kept = old.get(name);
    if (kept !== undefined && isScalar(kept) && kept.text === text) {
      kept.type = "string";
      markUntagged(kept, false);
      return kept;
    }
    const made = createdScalar(text, "string", step);
    made.key = name;
    return made;
  });
  parent.children.push(map);
}

/** The entries of a map of scalars by their texts. */
export function stringEntries(map: YamlNode | undefined): Map<string, string> {
  const entries = new Map<string, string>();
  if (map?.type !== "map") return entries;
  for (const child of map.children) entries.set(child.key, child.text);
  return entries;
}

/** True for what kustomize takes for nothing: missing, null, an empty map or list. */
export function isNilOrEmpty(node: YamlNode | undefined | null): boolean {
  if (node === undefined || node === null || node.type === "null") return true;
  return (node.type === "map" || node.type === "list") && node.children.length === 0;
}

/** A node as it is now, for a history; only scalars keep their value. */
function snapshot(node: YamlNode): YamlNode {
  if (isScalar(node)) return cloneNode(node);
  return { ...node };
}
