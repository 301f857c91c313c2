// The tree that YAML is read into: one small object per field, which knows its place in the source.
import type { SourcePosition } from "./problem.ts";
import { resolvePlain } from "./resolve-scalar.ts";
import { lineTextAt, positionAt, type SourceFile } from "./source-file.ts";

/** What a scalar reads as; a timestamp and a binary are strings once they become JSON. */
export type ReadType = "string" | "null" | "boolean" | "integer" | "float" | "timestamp";
/**
 * The type of a scalar: its tag in go-yaml. `untagged` is what a program has given a text and no tag: it is printed as
 * what the text reads as, also when the text changes again.
 */
export type ScalarType = ReadType | "untagged";
export type NodeType = ScalarType | "map" | "list";

/**
 * A node. Scalars keep their text as written (after unescaping) beside their type, because kustomize
 * computes with the text: `1.50` put into a string stays `1.50`. A map's entries are its children, each
 * with its own `key`, so a field is one object. A node belongs to one parent only; {@link cloneNode} copies.
 */
export interface YamlNode {
  type: NodeType;
  /** The key under which the parent map holds it; "" for roots and list items. */
  key: string;
  /** A scalar's text; "" for maps and lists. */
  text: string;
  /**
   * True for a scalar in quotes or in a block: it prints as a string even when a program has given it another
   * type, because that is how it comes out of go-yaml.
   */
  quoted: boolean;
  /** True for a scalar whose tag is written out (`!!str 5`), which go-yaml keeps as it keeps quotes. */
  tagged: boolean;
  /**
   * True for a map or list in braces or brackets (`{a: 1}`): all that is in it is printed in them, also what a program
   * has put there. See {@link printedType}.
   */
  flow: boolean;
  /** A map's entries or a list's items, in order; an empty, shared array for scalars. */
  children: YamlNode[];
  /** Where it was written; null for what a program made. */
  source: SourceFile | null;
  /** Offset of the value in the source, or -1. */
  offset: number;
  /** Offset of the key in the source, or -1. */
  keyOffset: number;
  /** What last changed it, and what stood there before; null while it is as it was read. */
  change: Change | null;
}

/** One step in a node's history. `cause` belongs to whoever changed it; this package never looks inside. */
export interface Change {
  readonly cause: object;
  /** The node that stood here before; null when there was none. */
  readonly before: YamlNode | null;
}

const noChildren: YamlNode[] = Object.freeze([] as YamlNode[]) as YamlNode[];

/** A scalar that no file holds. */
export function scalarNode(text: string, type: ScalarType = "string"): YamlNode {
  return {
    type,
    key: "",
    text,
    quoted: false,
    tagged: false,
    flow: false,
    children: noChildren,
    source: null,
    offset: -1,
    keyOffset: -1,
    change: null,
  };
}

/** A map or list that no file holds; the children are taken over, not copied. */
export function collectionNode(type: "map" | "list", children: YamlNode[] = []): YamlNode {
  return {
    type,
    key: "",
    text: "",
    quoted: false,
    tagged: false,
    flow: false,
    children,
    source: null,
    offset: -1,
    keyOffset: -1,
    change: null,
  };
}

/** A node as read, for the reader only: everything at once keeps all nodes of one shape. */
export function sourceNode(
  type: NodeType,
  text: string,
  source: SourceFile,
  offset: number,
  children: YamlNode[] = noChildren,
  quoted = false,
  tagged = false,
  flow = false,
): YamlNode {
  return { type, key: "", text, quoted, tagged, flow, children, source, offset, keyOffset: -1, change: null };
}

/**
 * The type that a node has once go-yaml has printed it and read it again. `inFlow` says that it stands in braces or
 * brackets, where nothing at all and a text with a colon get quotes (go-yaml v3 `yaml_emitter_select_scalar_style`):
 * they are strings then.
 */
export function printedType(node: YamlNode, inFlow = false): ReadType | "map" | "list" {
  const { type } = node;
  if (inFlow && isScalar(node) && !node.tagged && (node.text === "" || node.text.includes(":")))
    return "string";
  if (type === "untagged") {
    return node.quoted || node.text.includes("\n") ? "string" : resolvePlain(node.text, "kustomize");
  }
  if (!node.quoted || node.tagged || type === "string" || !isScalar(node)) return type;
  // A tag that the text has by itself is not printed, and what is in quotes is a string then.
  return resolvePlain(node.text, "kustomize") === type ? "string" : type;
}

export function isScalar(node: YamlNode): boolean {
  return node.type !== "map" && node.type !== "list";
}

/** A map's entry; undefined when the key is absent or the node is no map. */
export function getChild(node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node === undefined || node.type !== "map") return undefined;
  const children = node.children;
  for (let index = 0; index < children.length; index++) {
    const child = children[index] as YamlNode;
    if (child.key === key) return child;
  }
  return undefined;
}

/** Walks down map keys. */
export function getPath(node: YamlNode | undefined, ...path: string[]): YamlNode | undefined {
  let current = node;
  for (const key of path) current = getChild(current, key);
  return current;
}

/** The text of a scalar entry; undefined when absent, null or not a scalar. */
export function getText(node: YamlNode | undefined, key: string): string | undefined {
  const child = getChild(node, key);
  return child === undefined || child.type === "null" || !isScalar(child) ? undefined : child.text;
}

/** Puts a node under a key: in the place of the one that stood there, else at the end. */
export function setChild(map: YamlNode, key: string, value: YamlNode): void {
  value.key = key;
  const children = map.children;
  for (let index = 0; index < children.length; index++) {
    if ((children[index] as YamlNode).key === key) {
      children[index] = value;
      return;
    }
  }
  children.push(value);
}

/** Takes a key out of a map and returns what stood there. */
export function removeChild(map: YamlNode, key: string): YamlNode | undefined {
  if (map.type !== "map") return undefined;
  const index = map.children.findIndex((child) => child.key === key);
  return index < 0 ? undefined : map.children.splice(index, 1)[0];
}

/** A deep copy; source places and history are kept. */
export function cloneNode(node: YamlNode): YamlNode {
  const from = node.children;
  let children = from;
  if (node.type === "map" || node.type === "list") {
    children = new Array<YamlNode>(from.length);
    for (let index = 0; index < from.length; index++) children[index] = cloneNode(from[index] as YamlNode);
  }
  return copyWithChildren(node, children);
}

/** A copy of a node around other children, which are taken over; its source places and history are kept. */
export function copyWithChildren(node: YamlNode, children: YamlNode[]): YamlNode {
  return {
    type: node.type,
    key: node.key,
    text: node.text,
    quoted: node.quoted,
    tagged: node.tagged,
    flow: node.flow,
    children,
    source: node.source,
    offset: node.offset,
    keyOffset: node.keyOffset,
    change: node.change,
  };
}

/** Where a node was written: its key if it has one, else its value. Undefined when no file holds it. */
export function positionOf(node: YamlNode | undefined): SourcePosition | undefined {
  if (!node?.source) return undefined;
  return positionAt(node.source, node.keyOffset >= 0 ? node.keyOffset : node.offset);
}

/** Where the value itself was written. */
export function valuePositionOf(node: YamlNode | undefined): SourcePosition | undefined {
  if (!node?.source) return undefined;
  return positionAt(node.source, node.offset >= 0 ? node.offset : node.keyOffset);
}

/** The line of source on which {@link positionOf} lies. */
export function sourceLineOf(node: YamlNode | undefined): string | undefined {
  if (!node?.source) return undefined;
  return lineTextAt(node.source, node.keyOffset >= 0 ? node.keyOffset : node.offset);
}
