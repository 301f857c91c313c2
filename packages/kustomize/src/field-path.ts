// Paths of vars and replacements: `spec.containers.[name=a].image`, `data.[a.b]`, `spec.ports[0]`.
import { getChild, isScalar, type YamlNode } from "@slipway/yaml";
import { failure } from "./problem.ts";
import { splitPath } from "./transformer-config.ts";

/** Splits at dots; brackets keep theirs, and are taken off unless they hold `key=value`. */
export function splitSmartly(path: string): string[] {
  const pieces = splitPath(path, ".");
  const parts: string[] = [];
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index] as string;
    if (!piece.startsWith("[") || piece.endsWith("]")) {
      parts.push(piece);
      continue;
    }
    const bracketed = [piece];
    while (index < pieces.length - 1) {
      index++;
      const next = pieces[index] as string;
      bracketed.push(next);
      if (next.endsWith("]")) break;
    }
    const joined = bracketed.join(".");
    parts.push(joined.includes("=") ? joined : joined.replace(/^[[\]]+|[[\]]+$/g, ""));
  }
  return parts;
}

/** `ports[0]` as `ports` and `0`. */
export function splitIndexes(parts: readonly string[]): string[] {
  return parts.flatMap((part) => {
    const match = /^(.*)\[([0-9]+)\]$/.exec(part);
    if (!match) return [part];
    return match[1] ? [match[1], match[2] as string] : [match[2] as string];
  });
}

export function isListCondition(part: string): boolean {
  return part.startsWith("[") && part.endsWith("]");
}

export function isIndex(part: string): boolean {
  return /^\+?[0-9]+$/.test(part);
}

/** `[name=value]` as its two halves. */
export function splitCondition(part: string): { key: string; value: string } {
  const inner = part.slice(1, -1);
  const equals = inner.indexOf("=");
  if (equals < 0) {
    throw failure(
      "wrong-path",
      `list path element must contain fieldName=fieldValue for element to match: ${part}`,
    );
  }
  return { key: inner.slice(0, equals), value: inner.slice(equals + 1) };
}

/** The node at a path; undefined when there is none. Maps and lists must stand where the path has them. */
export function lookupPath(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const raw of path) {
    const part = raw.trim();
    if (part === "") continue;
    if (node === undefined || node.type === "null") return undefined;
    node = step(node, part);
  }
  return node;
}

function step(node: YamlNode, part: string): YamlNode | undefined {
  if (/^[-+]?[0-9]+$/.test(part) || part === "-") {
    if (part.startsWith("-") && part !== "-") {
      throw failure("wrong-path", `array index ${part} cannot be negative`);
    }
    expectType(node, "list", part);
    return part === "-" ? node.children.at(-1) : node.children[Number(part)];
  }
  if (part === "*") throw failure("wrong-path", "wildcard is not supported in PathGetter");
  if (isListCondition(part)) {
    expectType(node, "list", part);
    const { key, value } = splitCondition(part);
    if (key === "") return node.children.find((item) => isScalar(item) && item.text === value);
    return node.children.find((item) => {
      const field = getChild(item, key);
      return field !== undefined && isScalar(field) && field.text === value;
    });
  }
  expectType(node, "map", part);
  return getChild(node, part);
}

function expectType(node: YamlNode, type: "list" | "map", part: string): void {
  if (node.type === type) return;
  throw failure("wrong-path", `wrong node kind: expected a ${type} at ${part} but got ${node.type}`, {
    node,
  });
}
