// Turns YAML nodes into typed values as Go's JSON decoder does: keys in any case, unknown ones refused.
import { booleanValue, canonicalInteger, nodeToJson, type YamlNode } from "@slipway/yaml";
import { closest } from "./closest.ts";
import { failure } from "./problem.ts";

/** Reads one sort of value from a node. Throws a ProblemError at the node when it is of another sort. */
export type Decoder<T> = (node: YamlNode, where: string) => T;

/** A value and the node that it was read from. */
export interface Located<T> {
  readonly value: T;
  readonly node: YamlNode;
}

export const text: Decoder<string> = (node, where) => {
  if (node.type === "null") return "";
  if (node.type === "string") return node.text;
  throw wrongType(node, where, "a string");
};

/** A string, or a number or boolean taken by its text. */
export const looseText: Decoder<string> = (node, where) => {
  switch (node.type) {
    case "integer":
      return canonicalInteger(node.text);
    case "float":
      return String(nodeToJson(node));
    case "boolean":
      return String(booleanValue(node.text));
    default:
      return text(node, where);
  }
};

export const flag: Decoder<boolean> = (node, where) => {
  if (node.type === "null") return false;
  if (node.type === "boolean") return booleanValue(node.text);
  throw wrongType(node, where, "true or false");
};

export const integer: Decoder<number> = (node, where) => {
  if (node.type === "null") return 0;
  if (node.type === "integer") return nodeToJson(node) as number;
  throw wrongType(node, where, "an integer");
};

/** Any value, left as a node. */
export const anything: Decoder<YamlNode> = (node) => node;

/** A map of strings. */
export function mapOf(value: Decoder<string>): Decoder<Map<string, string>> {
  return (node, where) => {
    if (node.type === "null") return new Map();
    if (node.type !== "map") throw wrongType(node, where, "a map of strings");
    return new Map(node.children.map((child) => [child.key, value(child, `${where}.${child.key}`)]));
  };
}

export function list<T>(item: Decoder<T>): Decoder<T[]> {
  return (node, where) => {
    if (node.type === "null") return [];
    if (node.type !== "list") throw wrongType(node, where, "a list");
    return node.children.map((child, index) => item(child, `${where}[${index}]`));
  };
}

export function located<T>(item: Decoder<T>): Decoder<Located<T>> {
  return (node, where) => ({ value: item(node, where), node });
}

type Fields = Readonly<Record<string, Decoder<unknown>>>;

/** The decoded entries, those that were not there left out, and the node. */
export type Decoded<F extends Fields> = { readonly [K in keyof F]?: ReturnType<F[K]> } & {
  readonly node: YamlNode;
};

/** A map with known keys; others are errors with a suggestion, unless they are to be ignored. */
export function record<F extends Fields>(
  fields: F,
  unknown: "refuse" | "ignore" = "refuse",
): Decoder<Decoded<F>> {
  const byLowerCase = new Map(Object.keys(fields).map((key) => [key.toLowerCase(), key]));
  return (node, where) => {
    const result: Record<string, unknown> = { node };
    if (node.type === "null") return result as Decoded<F>;
    if (node.type !== "map") throw wrongType(node, where, "a map");
    for (const child of node.children) {
      const key = Object.hasOwn(fields, child.key) ? child.key : byLowerCase.get(child.key.toLowerCase());
      const decoder = key === undefined ? undefined : fields[key];
      if (key === undefined || decoder === undefined) {
        if (unknown === "ignore") continue;
        throw unknownKey(child, where, Object.keys(fields));
      }
      if (child.type === "null") continue;
      result[key] = decoder(child, where === "" ? key : `${where}.${key}`);
    }
    return result as Decoded<F>;
  };
}

function unknownKey(node: YamlNode, where: string, known: readonly string[]): Error {
  const suggestion = closest(node.key, known);
  const place = where === "" ? "" : ` in ${where}`;
  return failure("unknown-key", `unknown field "${node.key}"${place}`, {
    node,
    ...(suggestion === undefined ? {} : { next: `Did you mean "${suggestion}"?` }),
  });
}

function wrongType(node: YamlNode, where: string, expected: string): Error {
  const found =
    node.type === "map" || node.type === "list" ? `a ${node.type}` : `${node.text} (${node.type})`;
  const quote = expected === "a string" && node.type !== "map" && node.type !== "list";
  return failure(
    "wrong-type",
    `${where === "" ? "the document" : where} must be ${expected}, found ${found}`,
    {
      node,
      ...(quote ? { next: `Quote it: "${node.text}".` } : {}),
    },
  );
}
