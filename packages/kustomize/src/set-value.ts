// The few ways in which a build changes a node, each of which keeps what was there before.
import {
  cloneNode,
  collectionNode,
  getChild,
  isScalar,
  removeChild,
  type ScalarType,
  scalarNode,
  type YamlNode,
} from "@slipway/yaml";
import { isNonString } from "./non-string.ts";
import { failure } from "./problem.ts";
import type { Step } from "./step.ts";

/** Gives a scalar a new text and type; it keeps its quotes (kyaml/yaml `FieldSetter` without a name). */
export function setScalar(node: YamlNode, text: string, step: Step, type: ScalarType = "untagged"): void {
  if (!isScalar(node)) throw failure("wrong-kind", `expected a scalar here, found a ${node.type}`, { node });
  if (node.text === text && node.type === type && !isBlank(node)) {
    confirmScalar(node, step);
    return;
  }
  const before = isBlank(node) ? null : snapshot(node);
  node.text = text;
  node.type = type;
  node.change = { cause: step, before };
}

/** Notes that a step wants the value that a scalar has already: from then on it is the step that says so. */
export function confirmScalar(node: YamlNode, step: Step): void {
  if (node.change?.cause !== step) node.change = { cause: step, before: snapshot(node) };
}

/** True for strings, and for what kustomize takes for one (kyaml/yaml `IsYNodeString`). */
export function countsAsString(node: YamlNode): boolean {
  return node.type === "string" || node.type === "untagged";
}

/** True for a text that kyaml makes a block of or puts in quotes when it sets a field to it (`NewStringRNode`). */
export function isQuotedAsString(text: string): boolean {
  return text.includes("\n") || isNonString(text);
}

/** Puts quotes around a string that would be none in YAML 1.1, as kyaml does with each field that it sets. */
export function quoteLookAlike(node: YamlNode): void {
  if (!countsAsString(node) || node.quoted || node.tagged) return;
  node.quoted = isNonString(node.text);
}

/** True for a scalar that was made a moment ago and holds nothing yet. */
function isBlank(node: YamlNode): boolean {
  return node.text === "" && node.source === null && node.change === null;
}

/** Sets a map's entry to a text; one that is there keeps its quotes (kyaml/yaml `FieldSetter` with a name). */
export function setEntry(
  map: YamlNode,
  key: string,
  text: string,
  step: Step,
  type: ScalarType = "untagged",
): void {
  const existing = getChild(map, key);
  if (existing !== undefined && isScalar(existing)) {
    setScalar(existing, text, step, type);
    return;
  }
  const value = createdScalar(text, type, step);
  value.key = key;
  putEntry(map, value, step);
}

/**
 * Puts a scalar under its own key into a map: an entry that is there takes over its content and keeps its quotes, to
 * which the scalar itself changes too; else the scalar goes in. Several maps may come to hold one scalar this way
 * (kyaml/yaml `FieldSetter`).
 */
export function putEntry(map: YamlNode, value: YamlNode, step: Step): void {
  if (map.type !== "map")
    throw failure("wrong-kind", `expected a map here, found ${map.type}`, { node: map });
  const existing = getChild(map, value.key);
  quoteLookAlike(value);
  if (existing === undefined) {
    map.children.push(value);
    return;
  }
  if (existing === value) return;
  keepStyle(value, existing);
  replaceNode(existing, value, step);
}

/** Gives a node the quotes or braces of that whose place it takes. */
export function keepStyle(value: YamlNode, place: YamlNode): void {
  value.quoted = place.quoted;
  value.tagged = place.tagged;
  value.flow = place.flow;
}

/** Puts the content of one node into the place of another, keeping the place's key and its history. */
export function replaceNode(target: YamlNode, value: YamlNode, step: Step): void {
  const before = snapshot(target);
  target.type = value.type;
  target.text = value.text;
  target.quoted = value.quoted;
  target.tagged = value.tagged;
  target.flow = value.flow;
  target.children = value.children;
  target.source = value.source;
  target.offset = value.offset;
  target.keyOffset = value.keyOffset;
  target.change = { cause: step, before };
}

/** A scalar that a step makes. */
export function createdScalar(text: string, type: ScalarType, step: Step): YamlNode {
  const node = scalarNode(text, type);
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
    const isKept = kept !== undefined && isScalar(kept) && kept.text === text;
    // A copy, because other maps may hold the old one.
    const made = isKept ? cloneNode(kept) : createdScalar(text, "string", step);
    return Object.assign(made, {
      key: name,
      type: "string",
      quoted: isQuotedAsString(text),
      tagged: false,
    });
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
