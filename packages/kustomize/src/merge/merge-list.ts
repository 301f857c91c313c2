// Merges lists item by item: items of the patch come first, then what only the base has.
import { getChild, scalarNode, type YamlNode } from "@slipway/yaml";
import { failure } from "../problem.ts";
import { isNilOrEmpty } from "../set-value.ts";
import { isEmptied } from "../unprintable.ts";
import { dropListComment } from "./comment-schema.ts";
import { takeDirective } from "./directive.ts";
import { appendItems, findItem, type KeyValues, setItem } from "./list-items.ts";
import type { MergeSchema } from "./merge-schema.ts";
import { type MergeContext, mergeNodes } from "./strategic-merge.ts";

/** Merges two lists whose items have keys, or whose items are scalars and count by value. */
export function mergeLists(
  target: YamlNode | null,
  patch: YamlNode | null,
  schema: MergeSchema | undefined,
  context: MergeContext,
): YamlNode | null {
  const base = chooseList(target, patch);
  if (base === null) return null;
  const sources = [base, patch];
  const keys = keysOf(schema, sources);
  const ordered = context.append ? sources : [patch, base];
  const values = keys.length > 0 ? keyedValues(ordered, keys) : scalarValues(ordered);
  return mergeByValues(base, patch, values, keys.length > 0 ? keys : [""], schema, context);
}

function chooseList(target: YamlNode | null, patch: YamlNode | null): YamlNode | null {
  if (target === null || target.type === "null") return patch;
  if (patch?.type === "null") return null;
  switch (takeDirective(patch)) {
    case "delete":
      return null;
    case "replace":
      return patch;
    case "merge":
      return target;
  }
}

function keysOf(schema: MergeSchema | undefined, sources: readonly (YamlNode | null)[]): readonly string[] {
  if (schema) return schema.mergeKeys ?? [];
  for (const source of sources) {
    if (!source || source.children.length === 0) continue;
    if (!source.children.every((item) => getChild(item, "name") !== undefined)) {
      throw failure("wrong-patch", "no merge key found for this list", { node: source });
    }
  }
  return ["name"];
}

/** The values of the keys of all items, each combination once, in order. */
function keyedValues(sources: readonly (YamlNode | null)[], keys: readonly string[]): string[][] {
  const result: string[][] = [];
  const seen = new Set<string>();
  for (const source of sources) {
    for (const item of source?.children ?? []) {
      const values = keys.map((key) => {
        const field = getChild(item, key);
        return isNilOrEmpty(field) ? "" : (field?.text ?? "");
      });
      const text = JSON.stringify(values);
      if (seen.has(text)) continue;
      seen.add(text);
      result.push(values);
    }
  }
  return result;
}

function scalarValues(sources: readonly (YamlNode | null)[]): string[][] {
  const texts = new Set<string>();
  for (const source of sources) for (const item of source?.children ?? []) texts.add(item.text);
  return [...texts].map((text) => [text]);
}

function mergeByValues(
  base: YamlNode,
  patch: YamlNode | null,
  allValues: string[][],
  keys: readonly string[],
  schema: MergeSchema | undefined,
  context: MergeContext,
): YamlNode | null {
  const valuesList = keys.length > 1 ? mergeValues(allValues) : allValues;
  const merged: YamlNode[] = [];
  let used: KeyValues = { keys, values: [] };
  for (const values of valuesList) {
    used = validKeys(valuesList, values, keys);
    const own = validKeys([values], values, keys);
    const fromBase = findItem(base, own);
    const fromPatch = base === patch ? fromBase : findItem(patch, own);
    const item = mergeNodes(fromBase, fromPatch, schema?.items, context);
    if (item === null || item.type === "null" || (item.type === "map" && item.children.length === 0)) {
      setItem(base.children, null, used, base);
      continue;
    }
    completeKeys(item, used);
    if (item === fromPatch && fromPatch !== fromBase && item.change === null) {
      item.change = { cause: context.step, before: null };
    }
    setItem(merged, item, used, null);
  }
  if (valuesList.length > 0) {
    if (context.append) appendItems(base.children, merged, used.keys, base);
    else {
      // A new list in kustomize: it has no comment, and where it takes no other's place no brackets.
      base.children = appendItems(merged, base.children, used.keys, null);
      dropListComment(base);
      if (base === patch) base.flow = false;
    }
  }
  if (isEmptied(base)) context.emptied?.push(base);
  return base;
}

/** Makes sure that a merged item carries its keys. */
function completeKeys(item: YamlNode, used: KeyValues): void {
  if (item.type !== "map") return;
  used.keys.forEach((key, index) => {
    const value = used.values[index] ?? "";
    if (getChild(item, key) !== undefined || value === "") return;
    const node = scalarNode(value);
    node.key = key;
    item.children.push(node);
  });
}

/** Two combinations that differ only where one is empty are the same; both become the fuller one. */
function mergeValues(valuesList: string[][]): string[][] {
  const result = [...valuesList];
  for (let left = 0; left < result.length; left++) {
    for (let right = 0; right < result.length; right++) {
      const both = matchValues(result[left] as string[], result[right] as string[]);
      if (!both) continue;
      result[left] = both;
      result[right] = both;
    }
  }
  return result;
}

function matchValues(left: readonly string[], right: readonly string[]): string[] | null {
  if (left.length !== right.length) return null;
  let common = false;
  const both: string[] = [];
  for (let index = 0; index < left.length; index++) {
    const a = left[index] as string;
    const b = right[index] as string;
    if (a === b) common = true;
    else if (a !== "" && b !== "") return null;
    both.push(a === "" ? b : a);
  }
  return common ? both : null;
}

/** Of several keys only those count that some item has a value for. */
function validKeys(
  valuesList: readonly (readonly string[])[],
  values: readonly string[],
  keys: readonly string[],
): KeyValues {
  const present = keys.map((_, index) => valuesList.some((one) => (one[index] ?? "") !== ""));
  if (!present.includes(true)) return { keys, values };
  return {
    keys: keys.filter((_, index) => present[index]),
    values: values.filter((value, index) => value !== "" || present[index]),
  };
}
