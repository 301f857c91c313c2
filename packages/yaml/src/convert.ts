// Between nodes and plain JSON values.

import { parseGoFloat, parseGoInteger } from "./go-number.ts";
import { type Json, type JsonObject, setMember } from "./json.ts";
import { collectionNode, positionOf, printedType, scalarNode, sourceLineOf, type YamlNode } from "./node.ts";
import { ProblemError } from "./problem.ts";
import { booleanValue } from "./resolve-scalar.ts";
import { timestampToRfc3339 } from "./timestamp.ts";

/**
 * The JSON value of a node. Integers beyond 2^53 become the nearest double, as in any JSON parser; their
 * exact digits stay in the node and in what {@link printNode} writes. `.inf` and `.nan` are errors. `inFlow` says that
 * the node stands in braces or brackets.
 */
export function nodeToJson(node: YamlNode, inFlow = false): Json {
  const flow = inFlow || node.flow;
  switch (printedType(node, inFlow)) {
    case "map": {
      const object: JsonObject = {};
      for (const child of node.children) {
        setMember(object, child.key, nodeToJson(child, flow));
      }
      return object;
    }
    case "list":
      return node.children.map((child) => nodeToJson(child, flow));
    case "string":
      return node.text;
    case "null":
      return null;
    case "boolean":
      return booleanValue(node.text);
    case "integer":
      return integerValue(node.text);
    case "timestamp":
      return timestampToRfc3339(node.text) ?? node.text;
    case "float":
      return floatValue(node);
  }
}

/** A node for a JSON value. */
export function jsonToNode(value: Json): YamlNode {
  if (value === null) return scalarNode("null", "null");
  if (typeof value === "string") return scalarNode(value);
  if (typeof value === "boolean") return scalarNode(String(value), "boolean");
  if (typeof value === "number") {
    return Number.isInteger(value) && Math.abs(value) < 1e21
      ? scalarNode(BigInt(value).toString(), "integer")
      : scalarNode(String(value), "float");
  }
  if (Array.isArray(value)) return collectionNode("list", value.map(jsonToNode));
  const children: YamlNode[] = [];
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    const child = jsonToNode(entry);
    child.key = key;
    children.push(child);
  }
  return collectionNode("map", children);
}

function integerValue(text: string): number {
  const value = Number(text);
  if (text.length < 16 && String(value) === text) return value;
  const exact = parseGoInteger(text);
  return exact === undefined ? value : Number(exact);
}

function floatValue(node: YamlNode): number {
  const value = Number(parseGoInteger(node.text) ?? parseGoFloat(node.text));
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  const position = positionOf(node);
  const sourceLine = sourceLineOf(node);
  throw new ProblemError({
    code: "yaml/unsupported",
    message: `${node.text} has no form in JSON`,
    ...(position ? { position } : {}),
    ...(sourceLine === undefined ? {} : { sourceLine }),
  });
}
