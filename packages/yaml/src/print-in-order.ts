// Writes nodes as go-yaml v3 does: in the order and the quotes of their source, no line folded.
import type { YamlNode } from "./node.ts";
import { printScalar } from "./print-scalar.ts";
import { resolvePlain } from "./resolve-scalar.ts";
import { isComplexKey, type ScalarStyle, usableStyle } from "./scalar-style.ts";

/**
 * The YAML text of a tree with its keys in the order of the source and its quotes kept, as kustomize writes
 * YAML that stands inside a field. Comments are not kept.
 */
export function printInOrder(root: YamlNode): string {
  return printBlock(root, 0, false);
}

function printBlock(node: YamlNode, indent: number, inline: boolean): string {
  if (node.children.length === 0) return `${printLeaf(node, indent)}\n`;
  const pad = " ".repeat(indent);
  let out = "";
  node.children.forEach((child, index) => {
    if (index > 0 || !inline) out += pad;
    if (node.type === "list") {
      out += `- ${isBlock(child) ? printBlock(child, indent + 2, true) : endLine(printLeaf(child, indent + 2))}`;
      return;
    }
    const key = printText(child.key, "plain", indent, true);
    out += isComplexKey(child.key) ? `? ${key}\n${pad}:` : `${key}:`;
    if (!isBlock(child)) out += ` ${endLine(printLeaf(child, indent + 2))}`;
    else out += `\n${printBlock(child, child.type === "map" ? indent + 2 : indent, false)}`;
  });
  return out;
}

function isBlock(node: YamlNode): boolean {
  return (node.type === "map" || node.type === "list") && node.children.length > 0;
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function printLeaf(node: YamlNode, indent: number): string {
  if (node.type === "map") return "{}";
  if (node.type === "list") return "[]";
  if (node.type !== "string") return node.text;
  return printText(node.text, wantedStyle(node), indent, false);
}

function printText(text: string, wanted: ScalarStyle, indent: number, key: boolean): string {
  const style = usableStyle(text, wanted, key);
  return printScalar(text, style, { column: 0, indent, mayFold: false });
}

/** A string's quotes in the source, or those that it needs to stay a string. */
function wantedStyle(node: YamlNode): ScalarStyle {
  if (node.text.includes("\n")) return "literal";
  const mark = node.source && node.offset > 0 ? node.source.text[node.offset - 1] : "";
  if (node.quoted && mark === '"') return "double";
  if (node.quoted && mark === "'") return "single";
  return resolvePlain(node.text, "kustomize") === "string" ? "plain" : "double";
}
