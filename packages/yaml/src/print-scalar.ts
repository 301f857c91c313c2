// Writes one scalar as libyaml does (emitterc.go `write_*_scalar`): where lines fold, what is escaped.
import { isBreak, isPrintable, type ScalarStyle } from "./scalar-style.ts";

const bestWidth = 80;

const escapes = new Map<number, string>([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

/** Where a scalar begins and how far its further lines are indented. */
export interface Place {
  /** Characters before it on its line. */
  readonly column: number;
  readonly indent: number;
  /** False for simple keys, which never fold. */
  readonly mayFold: boolean;
}

/** The text of a scalar, without a line break after it. */
export function printScalar(text: string, style: ScalarStyle, place: Place): string {
  switch (style) {
    case "plain":
      return place.mayFold && place.column + text.length > bestWidth ? foldPlain(text, place) : text;
    case "single":
      return printSingle(text, place);
    case "double":
      return printDouble(text, place);
    case "literal":
      return printLiteral(text, place.indent);
    case "folded":
      return printFolded(text, place.indent);
  }
}

/** Breaks at the first single space past the width. */
function foldPlain(text: string, place: Place): string {
  const margin = `\n${" ".repeat(place.indent)}`;
  let out = "";
  let start = 0;
  let lineStart = -place.column;
  for (;;) {
    let space = text.indexOf(" ", Math.max(start, lineStart + bestWidth + 1));
    while (space >= 0 && (text[space - 1] === " " || text[space + 1] === " ")) {
      space = text.indexOf(" ", space + 1);
    }
    if (space < 0) return out + text.slice(start);
    out += text.slice(start, space) + margin;
    start = space + 1;
    lineStart = start - place.indent;
  }
}

function printSingle(text: string, place: Place): string {
  const margin = " ".repeat(place.indent);
  let out = "'";
  let column = place.column + 1;
  let spaces = false;
  let breaks = false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 32) {
      const inside = index > 0 && index < text.length - 1 && text[index + 1] !== " ";
      if (place.mayFold && !spaces && column > bestWidth && inside) {
        out += `\n${margin}`;
        column = place.indent;
      } else {
        out += " ";
        column++;
      }
      spaces = true;
    } else if (isBreak(unit)) {
      if (!breaks && unit === 10) out += "\n";
      out += text[index];
      column = 0;
      breaks = true;
    } else {
      if (breaks) {
        out += margin;
        column = place.indent;
      }
      const piece = unit === 39 ? "''" : (text[index] as string);
      out += piece;
      column += piece.length;
      spaces = false;
      breaks = false;
    }
  }
  return `${out}'`;
}

function printDouble(text: string, place: Place): string {
  let out = '"';
  let column = place.column + 1;
  let spaces = false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 32) {
      if (place.mayFold && !spaces && column > bestWidth && index > 0 && index < text.length - 1) {
        out += `\n${" ".repeat(place.indent)}`;
        column = place.indent;
        if (text[index + 1] === " ") {
          out += "\\";
          column++;
        }
      } else {
        out += " ";
        column++;
      }
      spaces = true;
      continue;
    }
    let piece = text[index] as string;
    if (!isPrintable(unit) || isBreak(unit) || unit === 34 || unit === 92) {
      const point = text.codePointAt(index) as number;
      if (point > 0xffff) index++;
      piece = escapePoint(point);
    }
    out += piece;
    column += piece.length;
    spaces = false;
  }
  return `${out}"`;
}

function escapePoint(point: number): string {
  const short = escapes.get(point);
  if (short !== undefined) return `\\${short}`;
  const hex = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return point <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** `|` with its hints; lines that hold nothing get no indentation. */
function printLiteral(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  let out = `|${blockHints(text)}\n`;
  let start = 0;
  for (let index = 0; index <= text.length; index++) {
    if (index < text.length && !isBreak(text.charCodeAt(index))) continue;
    if (index > start) out += margin + text.slice(start, index);
    if (index < text.length) out += text[index];
    start = index + 1;
  }
  return out;
}

/** `>` without folding: a break between two lines that begin with a word is doubled. */
function printFolded(text: string, indent: number): string {
  const margin = " ".repeat(indent);
  // go-yaml looks for the next word from the beginning of the text instead of from the break.
  const opensWithWord = /^[\n\r\x85\u2028\u2029]*[^ \t\n\r\x85\u2028\u2029]/.test(text);
  let out = `>${blockHints(text)}\n`;
  let atBreak = true;
  let indented = true;
  for (const character of text) {
    if (isBreak(character.charCodeAt(0))) {
      if (!atBreak && !indented && character === "\n" && opensWithWord) out += "\n";
      out += character;
      atBreak = true;
    } else {
      if (atBreak) {
        out += margin;
        indented = character === " " || character === "\t";
      }
      out += character;
      atBreak = false;
    }
  }
  return out;
}

/** What stands behind `|` and `>`: the indentation where it can't be seen, and how the text ends. */
function blockHints(text: string): string {
  const first = text.charCodeAt(0);
  const hint = first === 32 || isBreak(first) ? "2" : "";
  if (!isBreak(text.charCodeAt(text.length - 1))) return `${hint}-`;
  return text.length === 1 || isBreak(text.charCodeAt(text.length - 2)) ? `${hint}+` : hint;
}
