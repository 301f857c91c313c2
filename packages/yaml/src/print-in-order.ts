// Writes nodes as go-yaml v3 does: in the order and the quotes of their source, no line folded.
import { closingComments, commentBeside, commentsAbove } from "./comments.ts";
import type { NodeType, YamlNode } from "./node.ts";
import { printScalar } from "./print-scalar.ts";
import { resolvePlain } from "./resolve-scalar.ts";
import { isComplexKey, isPlainInFlow, type ScalarStyle, usableStyle } from "./scalar-style.ts";

/**
 * The YAML text of a tree with its keys in the order of the source, its quotes and its comments kept and its
 * indentation made even, as kustomize writes YAML that stands inside a field.
 */
export function printInOrder(root: YamlNode): string {
  return printBlock(root, 0, false) + closingComments(root);
}

/** A part of a tree in the same form, without line breaks around it and without the comments below the text. */
export function printFragment(node: YamlNode): string {
  return (isBlock(node) ? printBlock(node, 0, false) : printLine(node, 0)).trim();
}

function printBlock(node: YamlNode, indent: number, inline: boolean): string {
  if (!isBlock(node)) return `${printLeaf(node, indent)}\n`;
  const pad = " ".repeat(indent);
  let out = "";
  node.children.forEach((child, index) => {
    if (index > 0 || !inline) {
      for (const comment of commentsAbove(child, node.children[index - 1]))
        out += comment === "" ? "\n" : `${pad}${comment}\n`;
      out += pad;
    }
    out += node.type === "list" ? `- ${printItem(child, indent)}` : printEntry(child, indent, pad);
  });
  return out;
}

function printItem(item: YamlNode, indent: number): string {
  return isBlock(item) ? printBlock(item, indent + 2, true) : printLine(item, indent + 2);
}

function printEntry(child: YamlNode, indent: number, pad: string): string {
  const key = printText(child.key, keyStyle(child), indent, true);
  const colon = isComplexKey(child.key) ? `? ${key}\n${pad}:` : `${key}:`;
  if (!isBlock(child)) return `${colon} ${printLine(child, indent + 2)}`;
  const nested = printBlock(child, child.type === "map" ? indent + 2 : indent, false);
  return `${colon}${commentBeside(child)}\n${nested}`;
}

/** A value that stands on one line, with the comment beside it. */
function printLine(node: YamlNode, indent: number): string {
  const text = printLeaf(node, indent);
  return text.endsWith("\n") ? text : `${text}${text.includes("\n") ? "" : commentBeside(node)}\n`;
}

function isBlock(node: YamlNode): boolean {
  return (node.type === "map" || node.type === "list") && node.children.length > 0 && !node.flow;
}

function printFlow(node: YamlNode): string {
  if (node.type === "list") return `[${node.children.map(printFlow).join(", ")}]`;
  if (node.type !== "map") return tagOf(node) + flowText(node.text, wantedStyle(node));
  const entries = node.children.map(
    (child) => `${flowText(child.key, keyStyle(child))}: ${printFlow(child)}`,
  );
  return `{${entries.join(", ")}}`;
}

function flowText(text: string, wanted: ScalarStyle): string {
  const isBlock = wanted === "literal" || wanted === "folded";
  const style = usableStyle(text, isBlock ? "double" : wanted, false);
  const inFlow = style === "plain" && !isPlainInFlow(text) ? "single" : style;
  return printScalar(text, inFlow, { column: 0, indent: 0, mayFold: false });
}

function printLeaf(node: YamlNode, indent: number): string {
  if (node.type === "map" || node.type === "list") return printFlow(node);
  const tag = tagOf(node);
  // What is nothing stays nothing outside of braces and brackets.
  if (node.text === "" && node.type !== "string") return tag.trim();
  return tag + printText(node.text, wantedStyle(node), indent, false);
}

const tags: Partial<Record<NodeType, string>> = {
  string: "!!str ",
  null: "!!null ",
  boolean: "!!bool ",
  integer: "!!int ",
  float: "!!float ",
  timestamp: "!!timestamp ",
};

/** The tag of a scalar that has it written out or does not read as what it is, with a space behind it; "" for others. */
function tagOf(node: YamlNode): string {
  if (node.tagged) return tags[node.type] ?? "";
  const isPlain = node.type === "string" || resolvePlain(node.text, "kustomize") === node.type;
  return isPlain ? "" : (tags[node.type] ?? "");
}

function printText(text: string, wanted: ScalarStyle, indent: number, key: boolean): string {
  const style = usableStyle(text, wanted, key);
  return printScalar(text, style, { column: 0, indent, mayFold: false });
}

/** A scalar's style in the source, or that which it needs to stay a string. */
function wantedStyle(node: YamlNode): ScalarStyle {
  const mark = node.quoted ? markOf(node) : "";
  if (mark === '"') return "double";
  if (mark === "'") return "single";
  if (mark === ">") return "folded";
  if (mark === "|" || node.text.includes("\n")) return "literal";
  return node.type !== "string" || node.tagged || resolvePlain(node.text, "kustomize") === "string"
    ? "plain"
    : "double";
}

/** What opens a value in its source: a quote, or the `|` or `>` at the end of the line above. */
function markOf(node: YamlNode): string | undefined {
  const mark = markBefore(node, node.offset);
  if (mark !== "\n") return mark;
  const above = node.source?.text.slice(0, node.offset - 1) ?? "";
  return /([|>])[-+0-9]*[ \t]*(?:#.*)?$/.exec(above.slice(above.lastIndexOf("\n") + 1))?.[1];
}

/** A key's quotes in the source. */
function keyStyle(child: YamlNode): ScalarStyle {
  const mark = markBefore(child, child.keyOffset);
  return mark === '"' ? "double" : mark === "'" ? "single" : "plain";
}

function markBefore(node: YamlNode, offset: number): string | undefined {
  return offset > 0 ? node.source?.text[offset - 1] : undefined;
}
