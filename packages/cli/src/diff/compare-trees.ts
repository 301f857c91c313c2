// What differs between two trees, field by field; lists by key where their items have one.
import type { FieldPart } from "@slipway/kustomize";
import { getChild, isScalar, printedType, type YamlNode } from "@slipway/yaml";

/** One field that differs. A whole map or list that is only on one side is one change. */
export interface TreeChange {
  /** In the tree where it is; in the first where it is in both. */
  readonly path: readonly FieldPart[];
  readonly before?: YamlNode;
  readonly after?: YamlNode;
}

/** Fields by which the items of lists are told apart, the first that all items of both lists have once. */
const listKeys = ["name", "key", "mountPath", "containerPort", "port", "type", "path", "host"];

/** The changes from one tree to another, in the order of the first. Keys of maps have no order. */
export function compareTrees(
  before: YamlNode,
  after: YamlNode,
  path: readonly FieldPart[] = [],
): readonly TreeChange[] {
  if (before.type === "map" && after.type === "map") return compareMaps(before, after, path);
  if (before.type === "list" && after.type === "list") return compareLists(before, after, path);
  const equal = isScalar(before) && printedType(before) === printedType(after) && before.text === after.text;
  return equal ? [] : [{ path, before, after }];
}

function compareMaps(before: YamlNode, after: YamlNode, path: readonly FieldPart[]): TreeChange[] {
  const pairs = before.children.map((child) => [child.key, child, getChild(after, child.key)] as const);
  return [
    ...pairs.flatMap(([key, child, other]) => pairChanges(child, other, [...path, key])),
    ...after.children
      .filter((child) => getChild(before, child.key) === undefined)
      .map((child) => ({ path: [...path, child.key], after: child })),
  ];
}

function compareLists(before: YamlNode, after: YamlNode, path: readonly FieldPart[]): TreeChange[] {
  const key = listKeys.find((each) => isKeyOf(before, each) && isKeyOf(after, each));
  if (key === undefined) return compareByPlace(before.children, after.children, path);
  const textOf = (item: YamlNode) => getChild(item, key)?.text ?? "";
  const known = new Set(before.children.map(textOf));
  const others = new Map(after.children.map((item) => [textOf(item), item]));
  return [
    ...before.children.flatMap((item) => {
      const value = textOf(item);
      return pairChanges(item, others.get(value), [...path, { key, value }]);
    }),
    ...after.children
      .filter((item) => !known.has(textOf(item)))
      .map((item) => ({ path: [...path, { key, value: textOf(item) }], after: item })),
  ];
}

/** Items that have no key: equal ones at both ends are passed over, so that one insertion is one change. */
function compareByPlace(
  before: readonly YamlNode[],
  after: readonly YamlNode[],
  path: readonly FieldPart[],
): TreeChange[] {
  const same = (left: YamlNode | undefined, right: YamlNode | undefined) =>
    left !== undefined && right !== undefined && compareTrees(left, right).length === 0;
  let start = 0;
  while (same(before[start], after[start])) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && same(before.at(-1 - end), after.at(-1 - end))) end++;
  const changes: TreeChange[] = [];
  for (let index = start; index < Math.max(before.length, after.length) - end; index++) {
    const left = index < before.length - end ? before[index] : undefined;
    const right = index < after.length - end ? after[index] : undefined;
    changes.push(...pairChanges(left, right, [...path, index]));
  }
  return changes;
}

function pairChanges(
  before: YamlNode | undefined,
  after: YamlNode | undefined,
  path: readonly FieldPart[],
): readonly TreeChange[] {
  if (before && after) return compareTrees(before, after, path);
  return [{ path, ...(before ? { before } : {}), ...(after ? { after } : {}) }];
}

function isKeyOf(list: YamlNode, key: string): boolean {
  const values = list.children.map((item) => getChild(item, key));
  if (!values.every((value) => value !== undefined && isScalar(value))) return false;
  return new Set(values.map((value) => value?.text)).size === values.length;
}
