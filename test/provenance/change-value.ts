// Changes the value that stands at a place of a file, as a person would who was told that place.
import { isScalar, positionOf, readNodes, type YamlNode } from "@slipway/yaml";
import type { Place } from "./fields.ts";

/** A piece of a text and what to write instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The edit that changes the value at a place; undefined when no value is written there. */
export function editAt(text: string, place: Place): Edit | undefined {
  const { value } = place.moment;
  const shown = typeof value === "string" ? value : "";
  if (place.line === 1 && (shown === text || shown.replaceAll("\n", "") === base64(text))) {
    return changeLast(text, 0, text.length);
  }
  const node = nodeAt(text, place);
  if (node && /\.ya?ml$/.test(place.file)) {
    // What a generator implies, the kind of its object for instance, has the generator's place and is not written there.
    return place.moment.kind === "generator" && node.text !== shown ? undefined : editNode(text, node);
  }
  return editLine(text, place, String(value ?? ""));
}

/** All edits at once. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: piece } of [...edits].sort((left, right) => right.start - left.start)) {
    result = result.slice(0, start) + piece + result.slice(end);
  }
  return result;
}

function editNode(text: string, node: YamlNode): Edit | undefined {
  if (!isScalar(node)) return undefined;
  const { offset } = node;
  if (!text.startsWith(node.text, offset)) return changeFirst(text, offset);
  if (node.text === "") return node.quoted ? { start: offset, end: offset, text: "x" } : undefined;
  if (node.type === "boolean") {
    const flipped = /^[ty]|^on/i.test(node.text) ? "false" : "true";
    return { start: offset, end: offset + node.text.length, text: flipped };
  }
  return changeLast(text, offset, offset + node.text.length);
}

/** In a text that is no YAML of its own: an env file, a literal, or a patch inside a kustomization. */
function editLine(text: string, { line, column, moment }: Place, value: string): Edit | undefined {
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const content = lines[line - 1] ?? "";
  if (moment.kind === "generator") {
    const edit = changeLast(text, start + column - 1, start + content.length);
    return edit ?? { start: start + column - 1, end: start + column - 1, text: "x" };
  }
  const [first = ""] = value.split("\n");
  const at = first === "" ? -1 : content.lastIndexOf(first);
  if (at >= 0) {
    if (value === "true" || value === "false") {
      return { start: start + at, end: start + at + first.length, text: value === "true" ? "false" : "true" };
    }
    return changeLast(text, start + at, start + at + first.length);
  }
  const sign = /[=:]\s*/.exec(content);
  if (/:\s*[|>]\S*$/.test(content)) return changeFirst(text, start + content.length + 1);
  return sign ? changeLast(text, start + sign.index + sign[0].length, start + content.length) : undefined;
}

/** The node whose key, or whose self, stands at a line and column. */
function nodeAt(text: string, { line, column }: Place): YamlNode | undefined {
  return nodesByPosition(text).get(`${line}:${column}`);
}

const parsed = new Map<string, Map<string, YamlNode>>();

function nodesByPosition(text: string): Map<string, YamlNode> {
  const known = parsed.get(text);
  if (known) return known;
  const nodes = new Map<string, YamlNode>();
  const visit = (node: YamlNode) => {
    const position = positionOf(node);
    // A list item that is a map stands where its first key stands; the key is what is meant.
    if (position) nodes.set(`${position.line}:${position.column}`, node);
    node.children.forEach(visit);
  };
  for (const root of parse(text)) visit(root);
  parsed.set(text, nodes);
  return nodes;
}

function parse(text: string): YamlNode[] {
  for (const dialect of ["kustomize", "kubectl"] as const) {
    try {
      return readNodes(text, { dialect });
    } catch {
      // Not in this dialect; perhaps no YAML at all.
    }
  }
  return [];
}

/** Another last letter or digit; what is the name of a var or an escape is left alone. */
function changeLast(text: string, start: number, end: number): Edit | undefined {
  const piece = text.slice(start, end).replace(/\$\([^)]*\)|\\./g, (vars) => " ".repeat(vars.length));
  for (let at = piece.length - 1; at >= 0; at--) {
    const next = otherCharacter(piece[at] as string);
    if (next) return { start: start + at, end: start + at + 1, text: next };
  }
  return /^\s*$/.test(piece) ? undefined : { start: end, end, text: "x" };
}

/** Another first letter or digit, for a value whose end in the text is not known. */
function changeFirst(text: string, start: number): Edit | undefined {
  for (let at = start; at < text.length; at++) {
    const next = text[at - 1] === "\\" ? undefined : otherCharacter(text[at] as string);
    if (next) return { start: at, end: at + 1, text: next };
  }
  return undefined;
}

function otherCharacter(character: string): string | undefined {
  if (/[0-8]/.test(character)) return String(Number(character) + 1);
  if (character === "9") return "8";
  if (/[a-yA-Y]/.test(character)) return String.fromCharCode(character.charCodeAt(0) + 1);
  if (character === "z") return "y";
  return character === "Z" ? "Y" : undefined;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
