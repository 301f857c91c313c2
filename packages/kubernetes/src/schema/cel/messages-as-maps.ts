// Objects and patches that an expression makes, for an engine that makes no messages: `Object.spec{replicas: 1}` is
// written `{"replicas": 1}`.
import { type Token, tokenize } from "../cel-check/tokens.ts";

/** The expression with a map in place of every message. */
export function messagesAsMaps(expression: string): string {
  if (!/\b(?:Object|JSONPatch)\b/.test(expression)) return expression;
  const { tokens } = tokenize(expression);
  const edits: { from: number; to: number; text: string }[] = [];
  const brackets: ("message" | "other")[] = [];
  for (const [index, { kind, text, offset }] of tokens.entries()) {
    if (kind === "symbol" && /^[[({]$/.test(text)) {
      const begin = text === "{" ? nameBegin(tokens, index) : undefined;
      brackets.push(begin ? "message" : "other");
      if (begin) edits.push({ from: begin.offset, to: offset, text: "" });
    } else if (kind === "symbol" && /^[\])}]$/.test(text)) brackets.pop();
    else if (kind === "identifier" && brackets.at(-1) === "message" && isFieldName(tokens, index)) {
      edits.push({ from: offset, to: offset + text.length, text: JSON.stringify(text.replaceAll("`", "")) });
    }
  }
  return edits.reduceRight(
    (written, { from, to, text }) => written.slice(0, from) + text + written.slice(to),
    expression,
  );
}

/** The first word of the type before a bracket; undefined where no message begins. */
function nameBegin(tokens: readonly Token[], bracket: number): Token | undefined {
  let at = bracket - 1;
  if (tokens[at]?.kind !== "identifier") return undefined;
  while (tokens[at - 1]?.text === "." && tokens[at - 2]?.kind === "identifier") at -= 2;
  const begin = tokens[at];
  return begin?.text === "Object" || begin?.text === "JSONPatch" ? begin : undefined;
}

function isFieldName(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1]?.text === "?" ? index - 2 : index - 1;
  return tokens[index + 1]?.text === ":" && /^[{,]$/.test(tokens[before]?.text ?? "");
}
