// Finds, and if asked makes, all fields that a replacement's path names (kyaml/yaml PathMatcher).
import {
  collectionNode,
  getChild,
  isScalar,
  printFragment,
  readNode,
  scalarNode,
  type YamlNode,
} from "@slipway/yaml";
import { isIndex, isListCondition, splitCondition } from "./field-path.ts";
import { failure } from "./problem.ts";
import { goRegExp } from "./selector.ts";

/** What is made at the end of a path; null to make nothing. */
export type Create = "map" | "list" | "scalar" | null;

/** Fields of a text inside a field: what is set there never gets back into the text. */
export const detached: WeakSet<YamlNode> = new WeakSet();

/** The fields at a path; null when there is none. */
export function matchFields(node: YamlNode, path: readonly string[], create: Create): YamlNode[] | null {
  const [part, ...rest] = path;
  if (part === undefined) return [node];
  if (isIndex(part)) return matchIndex(node, Number(part), rest, create);
  if (isListCondition(part)) return matchCondition(node, part, rest, create);
  if (part === "*") return matchEvery(node, rest, create);
  return matchField(node, part, rest, create);
}

function matchEvery(node: YamlNode, rest: readonly string[], create: Create): YamlNode[] | null {
  expectList(node, "*");
  const found = node.children.flatMap((item) => matchFields(item, rest, create) ?? []);
  return found.length === 0 ? null : found;
}

function matchField(
  node: YamlNode,
  part: string,
  rest: readonly string[],
  create: Create,
): YamlNode[] | null {
  if (node.type === "null") {
    // What is made in a null is not part of what is printed: it stays a null.
    return create === null ? null : detach(matchFields(makeNode(rest[0], create), rest, create));
  }
  if (node.type !== "map") {
    throw failure("wrong-path", `wrong node kind: expected a map at ${part} but got ${node.type}`, { node });
  }
  let field = getChild(node, part);
  if (field === undefined) {
    if (create === null) return null;
    field = makeNode(rest[0], create);
    field.key = part;
    node.children.push(field);
  }
  if (!isScalar(field) || rest.length === 0) return matchFields(field, rest, create);
  const inner = readNode(field.text, { dialect: "kustomize", file: field.source?.path ?? "" });
  if (field.text === "")
    throw failure("wrong-path", "wrong node kind: expected a map but got nothing", { node });
  return detach(matchFields(inner, rest, create));
}

function detach(fields: YamlNode[] | null): YamlNode[] | null {
  for (const field of fields ?? []) detached.add(field);
  return fields;
}

function matchIndex(
  node: YamlNode,
  index: number,
  rest: readonly string[],
  create: Create,
): YamlNode[] | null {
  expectList(node, String(index));
  if (index === node.children.length && create !== null) node.children.push(makeNode(rest[0], create));
  const item = node.children[index];
  if (item === undefined) {
    throw failure("wrong-path", `index ${index} specified but only ${node.children.length} elements found`, {
      node,
    });
  }
  return matchFields(item, rest, create);
}

function matchCondition(
  node: YamlNode,
  part: string,
  rest: readonly string[],
  create: Create,
): YamlNode[] | null {
  expectList(node, part);
  const { key, value } = splitCondition(part);
  const pattern = goRegExp(value);
  const search = (): YamlNode[] =>
    node.children.flatMap((item) => {
      if (key === "") return pattern.test(printFragment(item)) ? [item] : [];
      const field = getChild(item, key);
      if (field === undefined || !pattern.test(printFragment(field))) return [];
      return matchFields(item, rest, create) ?? [];
    });
  const found = search();
  if (found.length > 0) return found;
  if (create === null) return null;
  node.children.push(makeItem(key, value));
  return search();
}

function makeItem(key: string, value: string): YamlNode {
  const scalar = scalarNode(value, "untagged");
  if (key === "") return scalar;
  scalar.key = key;
  return collectionNode("map", [scalar]);
}

function makeNode(next: string | undefined, create: Exclude<Create, null>): YamlNode {
  const type = next === undefined ? create : isIndex(next) || isListCondition(next) ? "list" : "map";
  return type === "scalar" ? scalarNode("", "untagged") : collectionNode(type);
}

function expectList(node: YamlNode, part: string): void {
  if (node.type === "list") return;
  throw failure("wrong-path", `wrong node kind: expected a list at ${part} but got ${node.type}`, { node });
}
