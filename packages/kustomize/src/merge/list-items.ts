// Finds and sets the items of a list by the values of their keys (kyaml/yaml `ElementMatcher`, `ElementSetter`).
import { getChild, isScalar, type YamlNode } from "@slipway/yaml";
import { failure } from "../problem.ts";

/** Keys and the value of each; the key "" stands for the item itself, a scalar. */
export interface KeyValues {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** The item that has all the keys' values; null when there is none. */
export function findItem(list: YamlNode | null, wanted: KeyValues): YamlNode | null {
  if (list?.type !== "list") return null;
  const [firstKey] = wanted.keys;
  if (firstKey === undefined || firstKey === "") {
    return list.children.find((item) => item.text === (wanted.values[0] ?? "")) ?? null;
  }
  if (wanted.keys.length !== wanted.values.length) return null;
  return (
    list.children.find(
      (item) =>
        item.type === "map" &&
        wanted.keys.every((key, index) => getChild(item, key)?.text === wanted.values[index]),
    ) ?? null
  );
}

/** Replaces the items that have the keys' values, or adds one; null takes them out. */
export function setItem(
  items: YamlNode[],
  item: YamlNode | null,
  wanted: KeyValues,
  owner: YamlNode | null,
): YamlNode[] {
  const kept: YamlNode[] = [];
  let found = false;
  const byKey = (wanted.keys[0] ?? "") !== "" && (wanted.values[0] ?? "") !== "";
  for (const existing of items) {
    if (existing.type === "null" || (existing.type === "map" && existing.children.length === 0)) continue;
    if (existing.type !== "map" && byKey) {
      kept.push(existing);
      continue;
    }
    if (!hasValues(existing, wanted)) {
      if (wanted.values.length > 0) kept.push(existing);
      continue;
    }
    found = true;
    if (item !== null) kept.push(item);
  }
  if (item !== null && !found) kept.push(item);
  items.splice(0, items.length, ...kept);
  if (owner) owner.children = items;
  return items;
}

/** As `ElementSetter` compares: an empty value only asks for the key to be there. */
function hasValues(item: YamlNode, wanted: KeyValues): boolean {
  let matched = true;
  let previous: boolean | undefined;
  for (let index = 0; index < wanted.keys.length; index++) {
    const key = wanted.keys[index] as string;
    if (index < wanted.values.length) {
      const value = wanted.values[index] as string;
      refuseItem(item, key);
      if (key === "") previous = item.text === value;
      else {
        const field = getChild(item, key);
        previous = field !== undefined && (value === "" || field.text === value);
      }
    }
    if (!previous) {
      matched = false;
      break;
    }
  }
  return matched;
}

/** Items that are compared by a key must be maps, those that are compared by value scalars. */
function refuseItem(item: YamlNode, key: string): void {
  if (key === "" ? isScalar(item) : item.type === "map") return;
  const expected = key === "" ? "a scalar" : `a map with ${key}`;
  throw failure(
    "wrong-kind",
    `the items of this list are merged by ${key || "value"}: expected ${expected}`,
    {
      node: item,
    },
  );
}

/** Brings the items of one list behind another, in the place of those with the same keys. */
export function appendItems(
  into: YamlNode[],
  added: readonly YamlNode[],
  keys: readonly string[],
  owner: YamlNode | null,
): YamlNode[] {
  for (const item of [...added]) {
    if ((keys[0] ?? "") === "") {
      setItem(into, item, { keys: [""], values: [item.text] }, owner);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      if (item.type !== "null") refuseItem(item, key);
      const field = getChild(item, key);
      if (field === undefined) into.push(item);
      else values.push(field.text);
    }
    if (keys.length > 1) setItem(into, null, { keys, values }, owner);
    setItem(into, item, { keys, values }, owner);
  }
  return into;
}
