// Finds the comments that belong to a node in its source.
import type { YamlNode } from "./node.ts";

/**
 * The comment lines right above a node's line; those that are indented deeper belong to the end of what comes
 * before and keep one level of it. The text of a block scalar is never taken for a comment.
 */
export function commentsAbove(node: YamlNode, previous: YamlNode | undefined): string[] {
  const text = node.source?.text ?? "";
  const start = lineStart(text, node.keyOffset >= 0 ? node.keyOffset : node.offset);
  if (start <= 0) return [];
  const margin = marginOf(text, start);
  const comments: string[] = [];
  for (let end = start - 1; end >= 0; ) {
    const begin = lineStart(text, end);
    const line = text.slice(begin, end);
    const comment = line.trim();
    if (comment.startsWith("#")) {
      const isDeeper = marginOf(text, begin) > margin;
      if (isDeeper && endsInBlock(previous)) return comments;
      comments.unshift(isDeeper ? `  ${comment}` : comment);
    } else if (comment !== "") return comments;
    end = begin - 1;
  }
  // A blank line below the comments that open a text stays.
  const isApart = text.slice(lineStart(text, start - 1), start).trim() === "";
  return comments.length > 0 && previous === undefined && isApart ? [...comments, ""] : comments;
}

/** The comment behind a value, or behind the key of a map or list, with a space before it; "" for none. */
export function commentBeside(node: YamlNode): string {
  const text = node.source?.text ?? "";
  const from = node.children.length > 0 ? keyEnd(node, text) : valueEnd(node, text);
  if (from < 0) return "";
  const end = text.indexOf("\n", from);
  const comment = /^[ \t]+(#.*)$/.exec(text.slice(from, end < 0 ? undefined : end));
  return comment ? ` ${comment[1]}` : "";
}

/** The comments below the last line of a text. */
export function closingComments(root: YamlNode): string {
  const text = root.source?.text ?? "";
  const lines = text.trimEnd().split("\n");
  let first = lines.length;
  while (first > 0 && /^(#|\s*$)/.test(lines[first - 1] as string)) first--;
  const below = lines.slice(first).map((line) => line.trimEnd());
  const comments = below.filter((line) => line !== "");
  if (comments.length === 0) return "";
  const apart = below[0] === "" ? "\n" : "";
  return apart + comments.map((comment) => `${comment}\n`).join("");
}

function endsInBlock(node: YamlNode | undefined): boolean {
  let last = node;
  while (last && last.children.length > 0) last = last.children[last.children.length - 1];
  return last?.text.includes("\n") ?? false;
}

function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

function marginOf(text: string, start: number): number {
  let at = start;
  while (text[at] === " ") at++;
  return at - start;
}

function keyEnd(node: YamlNode, text: string): number {
  if (node.keyOffset < 0) return -1;
  const colon = text.indexOf(":", node.keyOffset + node.key.length);
  return colon < 0 ? -1 : colon + 1;
}

/** Where a scalar on one line ends in its source; -1 when that can't be told. */
function valueEnd(node: YamlNode, text: string): number {
  if (node.offset < 0) return -1;
  let oldest = node;
  while (oldest.change?.before) oldest = oldest.change.before;
  if (text.startsWith(oldest.text, node.offset)) {
    const end = node.offset + oldest.text.length;
    return node.quoted ? end + 1 : end;
  }
  return -1;
}
