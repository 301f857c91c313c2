// Types that read themselves from JSON (each one's UnmarshalJSON), and what they say of values that they cannot read.
import { canonicalQuantity, type Schema } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";

/** What is wrong with a value: a value of the wrong type, or something else in the type's own words. */
export type DecodingError =
  | {
      /** What was found, and the Go type that it does not fit. */
      readonly found: string;
      readonly type: string;
      /** Where the value stands below the type that read it. */
      readonly field?: string;
    }
  | { readonly text: string };

/** Asks a type that reads itself; undefined for other types, `{}` when the value is fine. */
export function readItself(
  value: Json,
  { typeName }: Schema,
): { readonly error?: DecodingError } | undefined {
  switch (typeName) {
    case "api.resource.Quantity":
      return resultOf(quantityError(typeof value === "string" ? value.trim() : JSON.stringify(value)));
    case "meta.v1.Time":
      return timeError(value, "2006-01-02T15:04:05Z07:00");
    case "meta.v1.MicroTime":
      return timeError(value, "2006-01-02T15:04:05.000000Z07:00");
    case "util.intstr.IntOrString":
      if (typeof value === "string" || isInt32(value)) return {};
      return { error: { found: describeJson(value, "int32"), type: "int32" } };
    case "runtime.RawExtension":
    case "meta.v1.FieldsV1":
    case "apiextensions.v1.JSON":
      return {};
    default:
      return undefined;
  }
}

/** What a decoder calls a value that it cannot take: `number 1.5` where a number was wanted, else its type alone. */
export function describeJson(value: Json, wanted: string): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" && /^(u?int|float)\d*$/.test(wanted)) return `number ${value}`;
  return typeof value;
}

function isInt32(value: Json): boolean {
  return Number.isInteger(value) && Number(value) <= 0x7fffffff && Number(value) >= -0x80000000;
}

function resultOf(text: string | undefined): { readonly error?: DecodingError } {
  return text === undefined ? {} : { error: { text } };
}

/** apimachinery api/resource/quantity.go ParseQuantity. */
function quantityError(text: string): string | undefined {
  const match = /^[+-]?\d*(?:\.\d*)?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (!match || text === "") {
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  const suffix = /^(?:[numkMGTPE]?|[KMGTPE]i|[eE][+-]?\d+)$/;
  const written = match[1] ?? "";
  const tooLarge = /^[+-]?\d.*[eE][+-]?\d+$/.test(text) && canonicalQuantity(text) === undefined;
  return suffix.test(written) && !tooLarge ? undefined : "unable to parse quantity's suffix";
}

/** Go's time.Parse, as far as the first element that does not fit. */
function timeError(value: Json, layout: string): { readonly error?: DecodingError } {
  if (typeof value !== "string") return { error: { found: describeJson(value, "string"), type: "string" } };
  let rest = value;
  for (const [element] of layout.matchAll(/\.0+|Z07:00|\d+|\D/g)) {
    const found = elementPattern(element).exec(rest)?.[0];
    if (found === undefined) return resultOf(cannotParse(value, layout, rest, element));
    rest = rest.slice(found.length);
    // Fractions of seconds are read whether the layout has them or not.
    if (element === "05" && !layout.includes(".0")) rest = rest.replace(/^[.,]\d+/, "");
  }
  if (rest !== "") {
    const shown = JSON.stringify(value);
    return resultOf(`parsing time ${shown}: extra text: ${JSON.stringify(rest)}`);
  }
  return {};
}

/** What of a text stands for an element of a layout. */
function elementPattern(element: string): RegExp {
  if (element === "Z07:00") return /^(?:Z|[+-]\d\d:\d\d)/;
  const digits = element.replace(/\d/g, "\\d");
  return new RegExp(`^${digits.replace(/^\./, "\\.")}`);
}

function cannotParse(value: string, layout: string, rest: string, element: string): string {
  const [text, form, left, wanted] = [value, layout, rest, element].map((part) => JSON.stringify(part));
  return `parsing time ${text} as ${form}: cannot parse ${left} as ${wanted}`;
}
