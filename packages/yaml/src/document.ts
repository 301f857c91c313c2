// YAML as plain values with positions, for those who don't need the tree.

import { nodeToJson } from "./convert.ts";
import type { Json } from "./json.ts";
import { getChild, positionOf, sourceLineOf, type YamlNode } from "./node.ts";
import type { SourcePosition } from "./problem.ts";
import { type ReadOptions, readNode, readNodes } from "./read.ts";

/** One document of a YAML text. */
export interface YamlDocument {
  readonly value: Json;
  readonly root: YamlNode;
  /**
   * Where the value at a path was written (`["spec", "ports", 0]`); of a path that does not exist, where
   * its deepest existing ancestor was. The place is that of the key, or of the list item itself.
   */
  position(path?: readonly (string | number)[]): SourcePosition;
  /** The line of source at that place, as it stands. */
  sourceLine(path?: readonly (string | number)[]): string;
}

/**
 * Reads every document of a text; empty ones are left out. Throws a ProblemError that names file, line and
 * column.
 */
export function readYaml(text: string, options: ReadOptions = {}): YamlDocument[] {
  return readNodes(text, options)
    .filter((root) => root.type !== "null")
    .map((root) => documentOf(root, options));
}

/** Reads a text of one document; an empty one has the value null. */
export function readYamlDocument(text: string, options: ReadOptions = {}): YamlDocument {
  return documentOf(readNode(text, options), options);
}

function documentOf(root: YamlNode, options: ReadOptions): YamlDocument {
  const none: SourcePosition = { file: options.file ?? "<input>", line: 1, column: 1 };
  return {
    value: nodeToJson(root),
    root,
    position: (path = []) => positionOf(nodeAt(root, path)) ?? none,
    sourceLine: (path = []) => sourceLineOf(nodeAt(root, path)) ?? "",
  };
}

function nodeAt(root: YamlNode, path: readonly (string | number)[]): YamlNode {
  let node = root;
  for (const step of path) {
    const next = typeof step === "number" ? node.children[step] : getChild(node, step);
    if (!next) return node;
    node = next;
  }
  return node;
}
