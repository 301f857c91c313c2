// Replacements that reach into JSON or YAML text inside a field (kustomize 5.8).
import { isScalar, nodeToJson, ProblemError, printInOrder, readNode, type YamlNode } from "@slipway/yaml";
import { lookupPath } from "../field-path.ts";
import { goJson } from "../go-json.ts";
import { type Create, matchFields } from "../path-matcher.ts";
import { replaceNode } from "../set-value.ts";
import type { Step } from "../step.ts";
import { setTextKeepingType } from "../typed-text.ts";

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
  const isJson = /^\s*[{[]/.test(found.field.text);
  for (const field of fields) {
    if (!isScalar(field)) replaceNode(field, value, step);
    // YAML names the type of what does not fit it (`!!int word`), JSON can't be written then.
    else if (!setTextKeepingType(field, value.text, step) && isJson) return false;
  }
  const text = isJson ? printJsonLike(found.inner, found.field.text) : printInOrder(found.inner).trim();
  setTextKeepingType(found.field, text, step);
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
    if (!field || !isScalar(field)) continue;
    if (field.text === "") return null;
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

/** JSON that is indented if the original was. */
function printJsonLike(root: YamlNode, original: string): string {
  return goJson(nodeToJson(root), original.includes("\n") && original.includes("  "));
}
