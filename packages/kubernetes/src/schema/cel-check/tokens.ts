// The words of an expression (cel-go parser/gen/CEL.g4).
import type { Issue } from "./issue.ts";

/** One of them; `text` is as it is written. */
export interface Token {
  readonly kind: "symbol" | "identifier" | "int" | "uint" | "float" | "string" | "bytes" | "end";
  readonly text: string;
  readonly offset: number;
}

const kinds = [
  ["space", /(?:[\t\n\f\r ]|\/\/[^\n]*)+/y],
  ["bytes", /[bB][rR]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*')/y],
  [
    "string",
    /[rR](?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n\r]*"|'[^'\n\r]*')|"""(?:\\.|[^\\])*?"""|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'/y,
  ],
  ["float", /\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?/y],
  ["uint", /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ["int", /0x[0-9a-fA-F]+|\d+/y],
  ["identifier", /[A-Za-z_]\w*|`[\w.\-/ ]+`/y],
  ["symbol", /==|!=|<=|>=|&&|\|\||[[\]{}().,\-!?:+*/%<>]/y],
] as const;

/** Splits an expression into its words, and tells what is none. */
export function tokenize(expression: string): { readonly tokens: Token[]; readonly issues: Issue[] } {
  const tokens: Token[] = [];
  const issues: Issue[] = [];
  let offset = 0;
  while (offset < expression.length) {
    const found = match(expression, offset);
    if (found) {
      const { kind, text } = found;
      if (kind !== "space") tokens.push({ kind, text, offset });
      offset += text.length;
    } else {
      const text = unreadable(expression.slice(offset));
      issues.push({ offset, text: `Syntax error: token recognition error at: '${text}'` });
      offset += text.length;
    }
  }
  tokens.push({ kind: "end", text: "<EOF>", offset });
  return { tokens, issues };
}

function match(expression: string, offset: number) {
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = offset;
    const text = pattern.exec(expression)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

/** What is skipped: up to the character at which no word can go on, and with it. */
function unreadable(rest: string): string {
  if (/^["']/.test(rest)) return rest.split("\n")[0] ?? rest;
  return /^[=&|]/.test(rest) ? rest.slice(0, 2) : rest.slice(0, 1);
}
