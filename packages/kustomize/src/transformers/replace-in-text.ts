// Replacements that reach into JSON or YAML text inside a field (kustomize 5.8).
import { isScalar, nodeToJson, ProblemError, printInOrder, readNode, type YamlNode } from "@slipway/yaml";
import { lookupPath } from "../field-path.ts";
import { goJson } from "../go-json.ts";
import { type Create, matchFields } from "../path-matcher.ts";
import { replaceNode, setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";

/** True when the path leads into a text and the value was set there. */
export function replaceInText(
  root: YamlNode,
  parts: readonly string[],
  value: YamlNode,
  create: Create,
  step: Step,
): boolean {
  const found = findText(root, parts);
  if (found === null) return false;
  const fields = attempt(() => matchFields(found.inner, found.rest, create));
  if (!fields || fields.length === 0) return false;
  for (const field of fields) {
    // What was made just now takes the type that the text reads as; what stood there as a string stays one.
    const isString = field.type === "string" && field.source !== null;
    if (isScalar(field)) setScalar(field, value.text, step, isString ? "string" : undefined);
    else replaceNode(field, value, step);
  }
  setScalar(found.field, printLike(found.inner, found.field.text), step, "string");
  return true;
}

interface FoundText {
  readonly field: YamlNode;
  readonly inner: YamlNode;
  readonly rest: readonly string[];
}

/** The first scalar on the path that has more path behind it and parses. */
function findText(root: YamlNode, parts: readonly string[]): FoundText | null {
  for (let length = 1; length < parts.length; length++) {
    const field = attempt(() => lookupPath(root, parts.slice(0, length)));
    if (!field || !isScalar(field) || field.type === "null") continue;
    const inner = attempt(() => readNode(field.text, { dialect: "kustomize" }));
    if (inner) return { field, inner, rest: parts.slice(length) };
  }
  return null;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

/** JSON stays JSON, indented if it was; all else is YAML. */
function printLike(root: YamlNode, original: string): string {
  const first = original.trimStart()[0];
  if (first !== "{" && first !== "[") return printInOrder(root).trim();
  return goJson(nodeToJson(root), original.includes("\n") && original.includes("  "));
}
