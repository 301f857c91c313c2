// Builds nodes from js-yaml's events, with go-yaml's meaning.
import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { canonicalInteger } from "./go-number.ts";
import { expandMergeKeys } from "./merge-keys.ts";
import { cloneNode, type NodeType, positionOf, sourceNode, type YamlNode } from "./node.ts";
import { ProblemError } from "./problem.ts";
import { type Dialect, resolvePlain } from "./resolve-scalar.ts";
import { lineTextAt, positionAt, type SourceFile } from "./source-file.ts";

/** The most nodes that aliases may add to one text: enough for any manifest, too few for a "billion laughs". */
const maxAliasNodes = 200_000;

interface Frame {
  readonly node: YamlNode;
  /** The key read last, while its value is awaited. */
  key: string | null;
  keyOffset: number;
  /** Keys seen so far; made only for maps with many. */
  seen: Set<string> | null;
  hasMerge: boolean;
  readonly anchor: string;
}

interface State {
  readonly file: SourceFile;
  readonly dialect: Dialect;
  anchors: Map<string, YamlNode>;
  aliasNodes: number;
}

/** The documents of a text, from its events. */
export function constructDocuments(events: readonly Event[], file: SourceFile, dialect: Dialect): YamlNode[] {
  const state: State = { file, dialect, anchors: new Map(), aliasNodes: 0 };
  const documents: YamlNode[] = [];
  const stack: Frame[] = [];
  let root: YamlNode | null = null;
  let inDocument = false;
  for (let index = 0; index < events.length; index++) {
    const event = events[index] as Event;
    let node: YamlNode;
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        if (event.directives.some((directive) => directive.kind === "yaml" && directive.version !== "1.1")) {
          throw failure(
            state,
            0,
            "yaml/unsupported",
            "found an incompatible %YAML directive: only 1.1 is read",
          );
        }
        inDocument = true;
        root = null;
        if (state.anchors.size > 0) state.anchors = new Map();
        continue;
      case EVENT_ID.POP: {
        const frame = stack.pop();
        if (frame === undefined) {
          if (inDocument) documents.push(root ?? sourceNode("null", "", file, 0));
          inDocument = false;
          continue;
        }
        if (frame.hasMerge) expandMergeKeys(frame.node);
        if (frame.anchor !== "") state.anchors.set(frame.anchor, frame.node);
        continue;
      }
      case EVENT_ID.SCALAR: {
        const frame = stack[stack.length - 1];
        if (frame !== undefined && frame.node.type === "map" && frame.key === null) {
          takeKey(state, frame, event);
          continue;
        }
        const text = scalarText(file.text, event);
        const type = scalarType(state, event, text);
        const quoted = event.style !== SCALAR_STYLE.PLAIN;
        const tagged = event.tagStart >= 0 && event.tagEnd - event.tagStart > 1;
        node = sourceNode(type, text, file, event.valueStart, undefined, quoted, tagged);
        if (event.anchorStart >= 0)
          state.anchors.set(file.text.slice(event.anchorStart, event.anchorEnd), node);
        root = attach(frame, node) ?? root;
        continue;
      }
      case EVENT_ID.ALIAS: {
        node = resolveAlias(state, file.text.slice(event.anchorStart, event.anchorEnd), event.anchorStart);
        const frame = stack[stack.length - 1];
        if (frame !== undefined && frame.node.type === "map" && frame.key === null) {
          putKey(state, frame, node.text, event.anchorStart);
          continue;
        }
        root = attach(frame, node) ?? root;
        continue;
      }
      default: {
        const frame = stack[stack.length - 1];
        if (frame !== undefined && frame.node.type === "map" && frame.key === null) {
          throw failure(state, event.start, "yaml/unsupported", "a map or a list can't be a key");
        }
        const flow = event.style === COLLECTION_STYLE.FLOW && state.dialect === "kustomize";
        const type = event.type === EVENT_ID.MAPPING ? "map" : "list";
        node = sourceNode(type, "", file, event.start, [], false, false, flow);
        root = attach(frame, node) ?? root;
        const anchor = event.anchorStart >= 0 ? file.text.slice(event.anchorStart, event.anchorEnd) : "";
        stack.push({ node, key: null, keyOffset: -1, seen: null, hasMerge: false, anchor });
      }
    }
  }
  return documents;
}

/**
 * The text of a scalar. A block that ends with the file and has no line break there gets none, as in
 * go-yaml; js-yaml adds one.
 */
function scalarText(text: string, event: Event & { type: 4 }): string {
  const value = getScalarValue(text, event);
  const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
  if (!isBlock || event.valueEnd < text.length || text.endsWith("\n")) return value;
  return value.endsWith("\n") ? value.slice(0, -1) : value;
}

function scalarType(state: State, event: Event & { type: 4 }, text: string): NodeType {
  if (event.tagStart >= 0) return taggedType(state, event, text);
  return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text, state.dialect) : "string";
}

function taggedType(state: State, event: Event & { type: 4 }, text: string): NodeType {
  const tag = state.file.text.slice(event.tagStart, event.tagEnd);
  switch (tag) {
    case "!!null":
      return "null";
    case "!!bool":
      return "boolean";
    case "!!int":
      return "integer";
    case "!!float":
      return "float";
    case "!!timestamp":
      return "timestamp";
    case "!!str":
    case "!!binary":
    case "!":
      return "string";
    default:
      return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text, state.dialect) : "string";
  }
}

function takeKey(state: State, frame: Frame, event: Event & { type: 4 }): void {
  const text = getScalarValue(state.file.text, event);
  if (event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0) {
    if (text === "<<") {
      frame.hasMerge = true;
    } else {
      const type = resolvePlain(text, state.dialect);
      if (type !== "string") {
        putKey(state, frame, plainKey(state, text, type, event.valueStart), event.valueStart);
        return;
      }
    }
  }
  putKey(state, frame, text, event.valueStart);
}

/** A plain key that is no string: a word in one dialect, an error in the other. */
function plainKey(state: State, text: string, type: NodeType, offset: number): string {
  if (state.dialect === "kustomize") {
    throw failure(
      state,
      offset,
      "yaml/unsupported",
      `the key ${text === "" ? "(empty)" : text} reads as ${article(type)}; quote it`,
    );
  }
  if (type === "boolean") return String(/^(y|t|on)/i.test(text));
  if (type === "null") {
    throw failure(state, offset, "yaml/unsupported", "a key can't be null; quote it");
  }
  return type === "integer" ? canonicalInteger(text) : text;
}

function article(type: NodeType): string {
  return type === "null" ? "null" : type === "integer" ? "an integer" : `a ${type}`;
}

function putKey(state: State, frame: Frame, key: string, offset: number): void {
  if (isRepeated(frame, key) && key !== "<<") {
    const earlier = frame.node.children.findIndex((child) => child.key === key);
    if (state.dialect === "kustomize") throw repeatedKey(state, frame.node.children[earlier], key, offset);
    frame.node.children.splice(earlier, 1);
  }
  frame.key = key;
  frame.keyOffset = offset;
}

function isRepeated(frame: Frame, key: string): boolean {
  const children = frame.node.children;
  if (children.length < 12) {
    for (let index = 0; index < children.length; index++) {
      if ((children[index] as YamlNode).key === key) return true;
    }
    return false;
  }
  frame.seen ??= new Set(children.map((child) => child.key));
  if (frame.seen.has(key)) return true;
  frame.seen.add(key);
  return false;
}

function repeatedKey(state: State, first: YamlNode | undefined, key: string, offset: number): ProblemError {
  const position = positionOf(first);
  return new ProblemError({
    code: "yaml/duplicate-key",
    message: `the key ${JSON.stringify(key)} appears twice in one map`,
    position: positionAt(state.file, offset),
    sourceLine: lineTextAt(state.file, offset),
    related: [{ message: "first here", ...(position ? { position } : {}) }],
  });
}

/** Hangs a node under the open collection; returns it when it is the document's root. */
function attach(frame: Frame | undefined, node: YamlNode): YamlNode | null {
  if (frame === undefined) return node;
  const parent = frame.node;
  if (frame.key !== null) {
    node.key = frame.key;
    node.keyOffset = frame.keyOffset;
    frame.key = null;
  }
  parent.children.push(node);
  return null;
}

function resolveAlias(state: State, name: string, offset: number): YamlNode {
  const anchored = state.anchors.get(name);
  if (!anchored) throw failure(state, offset, "yaml/syntax", `the alias *${name} has no anchor before it`);
  const copy = cloneNode(anchored);
  copy.key = "";
  copy.keyOffset = -1;
  state.aliasNodes += countNodes(copy);
  if (state.aliasNodes > maxAliasNodes) {
    throw failure(state, offset, "yaml/unsupported", "the aliases of this file expand without measure");
  }
  return copy;
}

function countNodes(node: YamlNode): number {
  let count = 1;
  for (const child of node.children) count += countNodes(child);
  return count;
}

function failure(state: State, offset: number, code: string, message: string): ProblemError {
  return new ProblemError({
    code,
    message,
    position: positionAt(state.file, offset),
    sourceLine: lineTextAt(state.file, offset),
  });
}
