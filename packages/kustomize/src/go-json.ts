// JSON as Go's encoder writes it: keys sorted by bytes, HTML characters escaped.
import { isJsonObject, type Json } from "@slipway/yaml";

/** Compact JSON, or indented by two spaces. */
export function goJson(value: Json, indent = false): string {
  return indent ? indented(value, "") : compact(value);
}

function compact(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(compact).join(",")}]`;
  if (isJsonObject(value)) {
    return `{${sortedEntries(value)
      .map(([key, entry]) => `${goString(key)}:${compact(entry)}`)
      .join(",")}}`;
  }
  return goScalar(value);
}

function indented(value: Json, margin: string): string {
  const inner = `${margin}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + indented(item, inner)).join(",\n")}\n${margin}]`;
  }
  if (isJsonObject(value)) {
    const entries = sortedEntries(value);
    if (entries.length === 0) return "{}";
    return `{\n${entries.map(([key, entry]) => `${inner}${goString(key)}: ${indented(entry, inner)}`).join(",\n")}\n${margin}}`;
  }
  return goScalar(value);
}

function sortedEntries(object: { [key: string]: Json | undefined }): [string, Json][] {
  return Object.entries(object)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([left], [right]) => compareCodePoints(left, right));
}

function goScalar(value: null | boolean | number | string): string {
  if (typeof value === "string") return goString(value);
  if (typeof value === "number") return goNumber(value);
  return String(value);
}

/** Exponents have no leading zero and turn up below 1e-6 and from 1e21 on, as in JavaScript. */
export function goNumber(value: number): string {
  return JSON.stringify(value);
}

function goString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The order of the UTF-8 bytes; UTF-16 units would put what needs two of them before U+E000. */
function compareCodePoints(left: string, right: string): number {
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [a = 0, b = 0] = [left.codePointAt(index), right.codePointAt(index)];
    if (a !== b) return a - b;
  }
  return left.length - right.length;
}
