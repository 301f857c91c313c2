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
  let first = node;
  while (first.change?.before) first = first.change.before;
  const { source } = first;
  if (source === null || !mayHoldSchemas(source)) return undefined;
  const comment = commentBehind(first, source.text) ?? commentOver(first, source.text);
  const schema = comment === undefined ? undefined : parse(comment);
  return schema && (referredSchema(schema, resolve) ?? definitionSchema(schema, resolve));
}

/** Lists and maps whose comments are gone: a JSON patch takes an object through JSON. */
const withoutComments = new WeakSet<YamlNode>();

/** Forgets the comments of a tree. */
export function dropComments(node: YamlNode): void {
  for (const child of node.children) dropComments(child);
  if (node.source === null || isScalar(node)) return;
  if (mayHoldSchemas(node.source) || hasCommentBehindKey(node)) withoutComments.add(node);
}

/** True for a map or list in lines that was read with a comment behind its key, and still has it. */
export function hasCommentBehindKey(node: YamlNode): boolean {
  const { source, offset, change } = node;
  if (source === null || change !== null || withoutComments.has(node) || node.flow) return false;
  return offset >= 0 && commentBehind(node, source.text) !== undefined;
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

/** The comment at the end of the line of a key, or of a list or map in brackets. */
function commentBehind(node: YamlNode, text: string): string | undefined {
  const { flow } = node;
  const start = flow
    ? node.offset
    : node.keyOffset < 0
      ? -1
      : text.indexOf(":", node.keyOffset + node.key.length);
  if (start < 0) return undefined;
  const end = text.indexOf("\n", start);
  const line = text.slice(start, end < 0 ? undefined : end);
  return (flow ? /[\]}][ \t]+#([^\]]*|.*\})[ \t]*$/ : /^:[ \t]+#(.*)$/).exec(line)?.[1];
}

/** The comment in the line above a key, when it is one line only and has the key's indentation. */
function commentOver(node: YamlNode, text: string): string | undefined {
  const start = text.lastIndexOf("\n", node.keyOffset - 1) + 1;
  const margin = text.slice(start, node.keyOffset);
  if (node.keyOffset < 0 || start === 0 || margin.trim() !== "") return undefined;
  const [above, over = ""] = text
    .slice(0, start - 1)
    .split("\n")
    .slice(-2)
    .reverse();
  if (!above?.startsWith(`${margin}#`) || over.trim().startsWith("#")) return undefined;
  return above.slice(margin.length);
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
