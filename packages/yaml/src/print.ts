// Writes nodes byte for byte as kustomize does: through JSON, then go-yaml v2.
import { jsonToNode, nodeToJson } from "./convert.ts";
import { canonicalInteger, formatGoFloat } from "./go-number.ts";
import type { Json } from "./json.ts";
import { printedType, type YamlNode } from "./node.ts";
import { printScalar } from "./print-scalar.ts";
import { booleanValue } from "./resolve-scalar.ts";
import { isComplexKey, styleOf } from "./scalar-style.ts";
import { compareKeys } from "./sort-keys.ts";
import { timestampToRfc3339 } from "./timestamp.ts";

/** The pieces of the text so far: joining them once is faster than adding strings up. */
let pieces: string[] = [];

/**
 * The YAML text of a node, keys sorted, ending in a line break. Comments, quotes and number formats of the
 * source are gone, as in kustomize's output.
 */
export function printNode(node: YamlNode): string {
  pieces = [];
  if (node.type === "map" && node.children.length > 0) printMap(node, 0, false, false);
  else if (node.type === "list" && node.children.length > 0) printList(node, 0, false, false);
  else printLine(printLeaf(node, 0, 2, false));
  const text = pieces.join("");
  pieces = [];
  return text;
}

/** The YAML text of a JSON value, in the same form. */
export function printJson(value: Json): string {
  return printNode(jsonToNode(value));
}

const margins: string[] = [];

function margin(indent: number): string {
  let text = margins[indent];
  if (text === undefined) {
    text = " ".repeat(indent);
    margins[indent] = text;
  }
  return text;
}

/**
 * Maps and lists end with a line break; `inline` means that the first line follows an indicator, `inFlow` that they
 * stand in braces or brackets before they become JSON.
 */
function printMap(map: YamlNode, indent: number, inline: boolean, inFlow: boolean): void {
  const flow = inFlow || map.flow;
  const children = sorted(map.children);
  const pad = margin(indent);
  for (let index = 0; index < children.length; index++) {
    const child = children[index] as YamlNode;
    if (index > 0 || !inline) pieces.push(pad);
    const key = simpleKey(child.key);
    if (key === null) printComplexEntry(child, indent, flow);
    else {
      pieces.push(key);
      printValue(child, indent, key.length, flow);
    }
  }
}

/** What follows a simple key: the colon and the value, up to and with the line break. */
function printValue(node: YamlNode, indent: number, keyLength: number, inFlow: boolean): void {
  if (node.children.length === 0) {
    pieces.push(": ");
    printLine(printLeaf(node, indent + keyLength + 2, indent + 2, inFlow));
    return;
  }
  pieces.push(":\n");
  if (node.type === "map") printMap(node, indent + 2, false, inFlow);
  else printList(node, indent, false, inFlow);
}

function printComplexEntry(child: YamlNode, indent: number, inFlow: boolean): void {
  const place = { column: indent + 2, indent: indent + 2, mayFold: true };
  pieces.push("? ");
  printLine(printScalar(child.key, styleOf(child.key, false), place));
  pieces.push(`${margin(indent)}: `);
  printInline(child, indent, inFlow);
}

function printList(list: YamlNode, indent: number, inline: boolean, inFlow: boolean): void {
  const flow = inFlow || list.flow;
  const pad = margin(indent);
  const children = list.children;
  for (let index = 0; index < children.length; index++) {
    if (index > 0 || !inline) pieces.push(pad);
    pieces.push("- ");
    printInline(children[index] as YamlNode, indent, flow);
  }
}

/** A value right after `- ` or `: ` at the given indentation. */
function printInline(node: YamlNode, indent: number, inFlow: boolean): void {
  if (node.children.length === 0) printLine(printLeaf(node, indent + 2, indent + 2, inFlow));
  else if (node.type === "map") printMap(node, indent + 2, true, inFlow);
  else printList(node, indent + 2, true, inFlow);
}

function printLine(text: string): void {
  pieces.push(text);
  if (text.charCodeAt(text.length - 1) !== 10) pieces.push("\n");
}

function sorted(children: YamlNode[]): YamlNode[] {
  for (let index = 1; index < children.length; index++) {
    if (compareKeys((children[index - 1] as YamlNode).key, (children[index] as YamlNode).key) > 0) {
      return children.toSorted((left, right) => compareKeys(left.key, right.key));
    }
  }
  return children;
}

const shortText = 48;
const maxCached = 20_000;
const keyTexts = new Map<string, string | null>();
const valueTexts = new Map<string, string>();

/** The text of a key on one line; null when it must be written as `? key`. */
function simpleKey(key: string): string | null {
  const cached = keyTexts.get(key);
  if (cached !== undefined) return cached;
  const text = isComplexKey(key)
    ? null
    : printScalar(key, styleOf(key, true), { column: 0, indent: 0, mayFold: false });
  if (keyTexts.size < maxCached) keyTexts.set(key, text);
  return text;
}

function printLeaf(node: YamlNode, column: number, indent: number, inFlow: boolean): string {
  switch (printedType(node, inFlow)) {
    case "map":
      return "{}";
    case "list":
      return "[]";
    case "null":
      return "null";
    case "boolean":
      return booleanValue(node.text) ? "true" : "false";
    case "integer":
      return canonicalInteger(node.text);
    case "float":
      return formatGoFloat(nodeToJson(node) as number);
    case "timestamp":
      return printString(timestampToRfc3339(node.text) ?? node.text, column, indent);
    case "string":
      return printString(node.text, column, indent);
  }
}

/** Short strings on one line look the same everywhere, unless they stand so far right that they fold. */
function printString(text: string, column: number, indent: number): string {
  if (text.length > shortText || column > 24) {
    return printScalar(text, styleOf(text, false), { column, indent, mayFold: true });
  }
  const cached = valueTexts.get(text);
  if (cached !== undefined) return cached;
  const printed = printScalar(text, styleOf(text, false), { column, indent, mayFold: true });
  if (!printed.includes("\n") && printed.length <= shortText + 8 && valueTexts.size < maxCached) {
    valueTexts.set(text, printed);
  }
  return printed;
}
