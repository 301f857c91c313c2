// What a plain scalar means in each dialect (go-yaml v2 and v3, resolve.go).
import { isGoFloat, parseGoInteger } from "./go-number.ts";
import type { ReadType } from "./node.ts";
import { isTimestamp } from "./timestamp.ts";

/**
 * `kubectl`: go-yaml v2 through JSON, as kubectl reads manifests and kustomize its own files: `yes`, `on`
 * and `y` are booleans, dates are strings, a repeated key overrides. `kustomize`: go-yaml v3, as kustomize
 * reads resources and patches: only `true` and `false` are booleans, dates become timestamps, a repeated
 * key is an error.
 */
export type Dialect = "kubectl" | "kustomize";

const words = new Map<string, ReadType>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, "null"] as const),
  ...["true", "True", "TRUE", "false", "False", "FALSE"].map((word) => [word, "boolean"] as const),
  ...[".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"].map((word) => [word, "float"] as const),
  ...["+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"].map((word) => [word, "float"] as const),
]);

const trueWords = ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"];
const falseWords = ["n", "N", "no", "No", "NO", "off", "Off", "OFF"];
const oldBooleans = new Set([...trueWords, ...falseWords]);
const trueTexts = new Set(["true", "True", "TRUE", ...trueWords]);

/** The type of a plain (unquoted, untagged) scalar. */
export function resolvePlain(text: string, dialect: Dialect): ReadType {
  if (text === "") return "null";
  const first = text.charCodeAt(0);
  // Digits, signs and the dot.
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) {
    return resolveNumber(text, first, dialect);
  }
  switch (first) {
    case 126: // ~
    case 110: // n
    case 78:
    case 116: // t
    case 84:
    case 102: // f
    case 70:
    case 121: // y
    case 89:
    case 111: // o
    case 79:
      break;
    default:
      return "string";
  }
  if (text.length > 5) return "string";
  const type = words.get(text);
  if (type !== undefined) return type;
  return dialect === "kubectl" && oldBooleans.has(text) ? "boolean" : "string";
}

/** The value of a boolean's text, in either dialect. */
export function booleanValue(text: string): boolean {
  return trueTexts.has(text);
}

function resolveNumber(text: string, first: number, dialect: Dialect): ReadType {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (first === 46) return /^\.[0-9]/.test(text) && isGoFloat(text) ? "float" : "string";
  if (isTimestamp(text)) return dialect === "kustomize" ? "timestamp" : "string";
  if (parseGoInteger(text) !== undefined) return "integer";
  return isGoFloat(text) ? "float" : "string";
}
