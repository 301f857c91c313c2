// Schemas that stand in comments, as `list: # {"type": "array", …}` (kyaml/fieldmeta).
import { isJsonObject, isScalar, type Json, jsonToNode, type SourceFile, type YamlNode } from "@slipway/yaml";
import type { MergeSchema, Resolve } from "./merge-schema.ts";
import { definitionSchema, referredSchema } from "./openapi-schema.ts";

/**
 * The schema in the comment beside a list or map or, if there is none beside it, in the one line of comment above
 * its key. A comment that is a JSON object is a schema, whatever it says.
 */
export function commentSchema(node: YamlNode | null, resolve: Resolve): MergeSchema | undefined {
  if (node === null || (node.type !== "map" && node.type !== "list") || withoutComments.has(node))
    return undefined;
  const comment = commentOf(node, commentBehindBrackets) ?? keyComment(node);
  const schema = comment === undefined ? undefined : parse(comment);
  return schema && (referredSchema(schema, resolve) ?? definitionSchema(schema, resolve));
}

/** The comment at the key under which a node stands: a step that has made the key has made none. */
function keyComment(node: YamlNode): string | undefined {
  let first = node;
  while (first.change?.before) first = first.change.before;
  if (first.change !== null) return undefined;
  return commentOf(first, commentBehindKey) ?? commentOf(first, commentOver);
}

function commentOf(
  node: YamlNode,
  find: (node: YamlNode, text: string) => string | undefined,
): string | undefined {
  const { source } = node;
  return source !== null && mayHoldSchemas(source) ? find(node, source.text) : undefined;
}

/** Lists and maps whose comments are gone: a JSON patch takes an object through JSON. */
const withoutComments = new WeakSet<YamlNode>();

/** Forgets the comments of a tree. */
export function dropComments(node: YamlNode): void {
  for (const child of node.children) dropComments(child);
  if (node.source === null || isScalar(node)) return;
  if (mayHoldSchemas(node.source) || hasCommentBehindKey(node)) withoutComments.add(node);
}

/** Lists whose own comment is gone. */
const renewed = new WeakSet<YamlNode>();

/** Forgets the comment behind the brackets of a list: kustomize has made a new one of it. That at its key stays. */
export function dropListComment(list: YamlNode): void {
  renewed.add(list);
}

/** True for a map or list in lines that was read with a comment behind its key, and still has it. */
export function hasCommentBehindKey(node: YamlNode): boolean {
  const { source, offset, change } = node;
  if (source === null || change !== null || withoutComments.has(node)) return false;
  return offset >= 0 && commentBehindKey(node, source.text) !== undefined;
}

const holding = new WeakMap<SourceFile, boolean>();

/** Most files hold nothing that looks like a schema in a comment. */
function mayHoldSchemas(source: SourceFile): boolean {
  const known = holding.get(source);
  if (known !== undefined) return known;
  const holds = /#[ \t]*\{/.test(source.text);
  holding.set(source, holds);
  return holds;
}

/** The comment behind a list or map in brackets. */
function commentBehindBrackets(node: YamlNode, text: string): string | undefined {
  if (!isInBrackets(node, text) || renewed.has(node)) return undefined;
  return /[\]}][ \t]+#([^\]]*|.*\})[ \t]*$/.exec(restOfLine(text, node.offset))?.[1];
}

/** The comment behind the key of a list or map in lines. */
function commentBehindKey(node: YamlNode, text: string): string | undefined {
  const colon = node.keyOffset < 0 ? -1 : text.indexOf(":", node.keyOffset + node.key.length);
  if (colon < 0 || isInBrackets(node, text)) return undefined;
  return /^:[ \t]+#(.*)$/.exec(restOfLine(text, colon))?.[1];
}

/** What the source says; {@link YamlNode.flow} says how it will be printed. */
function isInBrackets(node: YamlNode, text: string): boolean {
  return text[node.offset] === "[" || text[node.offset] === "{";
}

function restOfLine(text: string, start: number): string {
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end);
}

/** The comment in the line above a key, when it is one line only and has the key's indentation. */
function commentOver(node: YamlNode, text: string): string | undefined {
  const start = text.lastIndexOf("\n", node.keyOffset - 1) + 1;
  const margin = text.slice(start, node.keyOffset);
  if (node.keyOffset < 0 || start === 0 || margin.trim() !== "") return undefined;
  const [above, at] = lineBefore(text, start);
  if (!above.startsWith(`${margin}#`)) return undefined;
  const [over] = at > 0 ? lineBefore(text, at) : [""];
  return over.trim().startsWith("#") ? undefined : above.slice(margin.length);
}

/** The line that ends where another starts, and where it starts itself. */
function lineBefore(text: string, start: number): [line: string, start: number] {
  const from = start < 2 ? 0 : text.lastIndexOf("\n", start - 2) + 1;
  return [text.slice(from, start - 1), from];
}

function parse(comment: string): YamlNode | undefined {
  let value: Json;
  try {
    value = JSON.parse(comment.replace(/^#+/, ""));
  } catch {
    return undefined;
  }
  return isJsonObject(value) && Object.keys(value).length > 0 ? jsonToNode(value) : undefined;
}
