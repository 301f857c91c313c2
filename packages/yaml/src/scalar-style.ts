// Which style go-yaml v2 gives a string (encode.go `stringv`, emitterc.go `analyze_scalar`).
import { resolvePlain } from "./resolve-scalar.ts";

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const dateLike = /^[0-9]{4}-/;

/** What an analysis of the characters allows. */
interface Allowed {
  multiline: boolean;
  plain: boolean;
  single: boolean;
  block: boolean;
}

/** True when a plain string would be read back as something else under YAML 1.1. */
function readsAsOther(text: string): boolean {
  if (text === "") return true;
  const first = text.charCodeAt(0);
  if (first >= 58 && !"yYnNtTfFoO~".includes(text[0] as string)) return false;
  if (resolvePlain(text, "kubectl") !== "string") return true;
  if (first < 43 || first > 57) return false;
  return base60.test(text) || (dateLike.test(text) && resolvePlain(text, "kustomize") !== "string");
}

/** The style of a string that stands as a value or, with `key`, as a simple key. */
export function styleOf(text: string, key: boolean): ScalarStyle {
  return usableStyle(text, text.includes("\n") ? "literal" : readsAsOther(text) ? "double" : "plain", key);
}

/** True for a string that go-yaml v3 writes in quotes or as a block when it has only the text. */
export function needsQuotes(text: string): boolean {
  return styleOf(text, false) !== "plain" || resolvePlain(text, "kustomize") !== "string";
}

/** The wanted style, or the next one in which the text can be written. */
export function usableStyle(text: string, wanted: ScalarStyle, key: boolean): ScalarStyle {
  const allowed = analyze(text);
  let style = wanted;
  if (key && allowed.multiline) style = "double";
  if (style === "plain" && !allowed.plain) style = "single";
  if (style === "single" && !allowed.single) style = "double";
  if ((style === "literal" || style === "folded") && (!allowed.block || key)) style = "double";
  return style;
}

/** True for a plain string that stays plain between braces or brackets. */
export function isPlainInFlow(text: string): boolean {
  return text !== "" && !/[,?[\]{}:]/.test(text);
}

/** True when a key must be written as `? key`. */
export function isComplexKey(text: string): boolean {
  if (text.length <= 42) return isMultiline(text);
  return isMultiline(text) || new TextEncoder().encode(text).length > 128;
}

export function isBreak(unit: number): boolean {
  return unit === 10 || unit === 13 || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}

/** libyaml's set of printable characters; tab, control characters and everything astral are not in it. */
export function isPrintable(unit: number): boolean {
  if (unit < 0x7f) return unit >= 0x20 || unit === 10;
  if (unit < 0xa0) return false;
  return unit < 0xd800 || (unit >= 0xe000 && unit !== 0xfeff && unit < 0xfffe);
}

function isMultiline(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (isBreak(text.charCodeAt(index))) return true;
  return false;
}

function isBlankAt(text: string, index: number): boolean {
  if (index >= text.length) return true;
  const unit = text.charCodeAt(index);
  return unit === 32 || unit === 9;
}

/** ASCII without any character that could mean something: most strings, found without looking at each one. */
const harmless = /^[A-Za-z_/$(][\x20-\x22\x24-\x39\x3b-\x7e]*$/;
const all: Allowed = { multiline: false, plain: true, single: true, block: true };

function analyze(text: string): Allowed {
  const length = text.length;
  if (harmless.test(text) && text.charCodeAt(length - 1) !== 32) return all;
  if (length === 0) return { multiline: false, plain: true, single: true, block: false };
  let indicators = text.startsWith("---") || text.startsWith("...") || startsWithIndicator(text);
  let multiline = false;
  let special = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previousSpace = false;
  let previousBreak = false;
  let afterBlank = true;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 63 && unit < 127) {
      previousSpace = false;
      previousBreak = false;
      afterBlank = false;
      continue;
    }
    if (unit === 32) {
      if (previousBreak) breakSpace = true;
      previousSpace = true;
      previousBreak = false;
      afterBlank = true;
      continue;
    }
    if (isBreak(unit)) {
      if (!isPrintable(unit)) special = true;
      multiline = true;
      if (previousSpace) spaceBreak = true;
      previousSpace = false;
      previousBreak = true;
      afterBlank = true;
      continue;
    }
    if (unit === 58 && index > 0 && isBlankAt(text, index + 1)) indicators = true;
    else if (unit === 35 && afterBlank) indicators = true;
    else if (!isPrintable(unit)) special = true;
    previousSpace = false;
    previousBreak = false;
    afterBlank = unit === 9 || unit === 0;
  }
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(length - 1);
  const edges = first === 32 || last === 32 || isBreak(first) || isBreak(last);
  return {
    multiline,
    plain: !edges && !breakSpace && !spaceBreak && !special && !multiline && !indicators,
    single: !breakSpace && !spaceBreak && !special,
    block: last !== 32 && !spaceBreak && !special,
  };
}

function startsWithIndicator(text: string): boolean {
  switch (text.charCodeAt(0)) {
    case 63: // ?
    case 58: // :
    case 45: // -
      return isBlankAt(text, 1);
    default:
      return "#,[]{}&*!|>'\"%@`".includes(text[0] as string);
  }
}
