// JSON patches (RFC 6902) as kustomize applies them: evanphx/json-patch v4 on a tree that went through JSON.
import { cloneNode, getChild, isScalar, nodeToJson, readNode, type YamlNode } from "@slipway/yaml";
import { failure } from "./problem.ts";
import { replaceNode } from "./set-value.ts";
import type { Step } from "./step.ts";
import { throughJson } from "./through-json.ts";
import { refuseUnprintableTree } from "./unprintable.ts";

/** One operation of a patch. */
export interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from: string | undefined;
  readonly value: YamlNode | undefined;
  readonly node: YamlNode;
}

/** Reads the operations of a patch; the text is YAML in kubectl's dialect, or JSON where it begins with a bracket. */
export function parseJsonPatch(text: string, file: string, lineOffset = 0): Operation[] {
  const root = readNode(firstDocument(text), { file, lineOffset, dialect: "kubectl" });
  if (root.type === "null") return [];
  if (text.startsWith("[") && !isJson(text)) {
    throw failure("wrong-patch", "a JSON patch that begins with a bracket must be JSON", {
      node: root,
      next: "Put its keys and texts in double quotes, or write the list in lines.",
    });
  }
  if (root.type !== "list")
    throw failure("wrong-patch", "a JSON patch is a list of operations", { node: root });
  return root.children.map((node) => {
    if (node.type !== "map") throw failure("wrong-patch", "an operation of a JSON patch is a map", { node });
    const from = getChild(node, "from");
    return {
      op: getChild(node, "op")?.text ?? "",
      path: getChild(node, "path")?.text ?? "",
      from: from?.text,
      value: getChild(node, "value"),
      node,
    };
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Only the first document of a patch counts. */
function firstDocument(text: string): string {
  const separator = /\n---[ \t]*(#.*)?\n/.exec(text);
  return separator && separator.index > 0 ? text.slice(0, separator.index + 1) : text;
}

/** Applies all operations to a tree, in place. */
export function applyJsonPatch(root: YamlNode, operations: readonly Operation[], step: Step): void {
  refuseUnprintableTree(root);
  // Nodes that several fields share part ways here: the object that goes through JSON is a new one.
  root.children = root.children.map(cloneNode);
  throughJson(root, "yaml");
  for (const operation of operations) applyOperation(root, operation, { ...step, at: operation.node });
  // What the operations have put there.
  throughJson(root, "yaml");
}

function applyOperation(root: YamlNode, operation: Operation, step: Step): void {
  switch (operation.op) {
    case "add":
      add(root, operation, operation.path, operand(operation), step);
      return;
    case "replace":
      replace(root, operation, step);
      return;
    case "remove":
      remove(root, operation, operation.path);
      return;
    case "move": {
      const moved = remove(root, operation, fromOf(operation));
      add(root, operation, operation.path, moved, step);
      return;
    }
    case "copy":
      add(root, operation, operation.path, cloneNode(read(root, operation, fromOf(operation))), step);
      return;
    case "test":
      test(root, operation);
      return;
    default:
      throw failure("wrong-patch", `unexpected operation "${operation.op}" in a JSON patch`, {
        node: getChild(operation.node, "op") ?? operation.node,
        next: "Use add, remove, replace, move, copy or test.",
      });
  }
}

function operand(operation: Operation): YamlNode {
  if (operation.value === undefined) {
    return readNode("null", { file: operation.node.source?.path ?? "" });
  }
  return cloneNode(operation.value);
}

function fromOf(operation: Operation): string {
  if (operation.from !== undefined) return operation.from;
  throw failure("wrong-patch", `a ${operation.op} needs "from"`, { node: operation.node });
}

/** The map or list that holds a path's last part. The part before the first slash is ignored, as in Go. */
function findParent(root: YamlNode, operation: Operation, path: string): { parent: YamlNode; key: string } {
  const parts = path.split("/");
  if (parts.length < 2 && path !== "") return { parent: root, key: decodePart(path) };
  const inner = parts.slice(1, -1);
  let node = root;
  for (const part of inner) {
    const next = childOf(node, decodePart(part));
    if (next === undefined || isScalar(next)) throw missing(operation, path, "its parent does not exist");
    node = next;
  }
  return { parent: node, key: decodePart(parts[parts.length - 1] ?? "") };
}

function childOf(node: YamlNode, key: string): YamlNode | undefined {
  if (node.type === "map") return getChild(node, key);
  if (node.type !== "list" || !/^-?[0-9]+$/.test(key)) return undefined;
  const index = Number(key);
  return node.children[index < 0 ? index + node.children.length : index];
}

function decodePart(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function add(root: YamlNode, operation: Operation, path: string, value: YamlNode, step: Step): void {
  if (path === "") {
    replaceNode(root, value, step);
    return;
  }
  const { parent, key } = findParent(root, operation, path);
  if (parent.type === "map") {
    const existing = getChild(parent, key);
    if (existing) replaceNode(existing, value, step);
    else {
      value.key = key;
      value.change = { cause: step, before: null };
      parent.children.push(value);
    }
    return;
  }
  value.key = "";
  value.change = { cause: step, before: null };
  if (key === "-") {
    parent.children.push(value);
    return;
  }
  const length = parent.children.length;
  const index = listIndex(operation, path, key);
  if (index > length || index < -(length + 1)) {
    throw missing(operation, path, `the list has ${length} items`);
  }
  parent.children.splice(index < 0 ? index + length + 1 : index, 0, value);
}

function replace(root: YamlNode, operation: Operation, step: Step): void {
  const value = operand(operation);
  if (operation.path === "") {
    replaceNode(root, value, step);
    return;
  }
  const { parent, key } = findParent(root, operation, operation.path);
  if (parent.type === "map") {
    // evanphx v4 adds a key that is not there.
    add(root, operation, operation.path, value, step);
    return;
  }
  const existing = childOf(parent, key);
  if (existing === undefined) throw missing(operation, operation.path, "there is nothing to replace");
  replaceNode(existing, value, step);
}

function remove(root: YamlNode, operation: Operation, path: string): YamlNode {
  const { parent, key } = findParent(root, operation, path);
  const existing = childOf(parent, key);
  if (existing === undefined) throw missing(operation, path, "there is nothing to remove");
  parent.children.splice(parent.children.indexOf(existing), 1);
  return existing;
}

function read(root: YamlNode, operation: Operation, path: string): YamlNode {
  if (path === "") return root;
  const { parent, key } = findParent(root, operation, path);
  const existing = childOf(parent, key);
  if (existing === undefined) throw missing(operation, path, "there is nothing to copy");
  return existing;
}

function test(root: YamlNode, operation: Operation): void {
  const { parent, key } = findParent(root, operation, operation.path);
  const existing = childOf(parent, key);
  const expected = operation.value === undefined ? null : nodeToJson(operation.value);
  const found = existing === undefined ? null : nodeToJson(existing);
  if (sameJson(found, expected)) return;
  throw failure("patch-test-failed", `testing value ${operation.path} failed`, { node: operation.node });
}

function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) =>
    sameJson((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
  );
}

function listIndex(operation: Operation, path: string, key: string): number {
  if (/^-?[0-9]+$/.test(key)) return Number(key);
  throw missing(operation, path, `"${key}" is no index of a list`);
}

function missing(operation: Operation, path: string, why: string): Error {
  return failure("patch-path", `${operation.op} operation does not apply to ${path}: ${why}`, {
    node: operation.node,
  });
}
