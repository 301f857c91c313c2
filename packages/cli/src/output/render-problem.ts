import type { Problem, SourcePosition } from "@slipway/yaml";
import { noPaint, type Paint } from "./paint.ts";

/**
 * A problem for a terminal: message and code, the place with its line and a caret, the object, what else
 * belongs to it, and what to do next. Ends with a newline.
 */
export function renderProblem(problem: Problem, paint: Paint = noPaint): string {
  const { bold, dim, red, blue } = paint;
  const lines = [`${bold(red("error:"))} ${bold(withoutDot(problem.message))} ${dim(`[${problem.code}]`)}`];
  if (problem.position) lines.push(...place(problem.position, problem.sourceLine, paint));
  if (problem.object && !problem.message.includes(problem.object)) lines.push(`  object: ${problem.object}`);
  for (const { message, position } of problem.related ?? []) {
    lines.push(`  ${blue("note:")} ${message}${position ? ` (${formatPosition(position)})` : ""}`);
  }
  if (problem.next) lines.push(`  ${bold("next:")} ${problem.next}`);
  return `${lines.join("\n")}\n`;
}

/** The same as one line of JSON (`kind: Error`). */
export function problemJson(problem: Problem, exitCode: number): string {
  return `${JSON.stringify({ apiVersion: "slipway.dev/v1alpha1", kind: "Error", exitCode, ...problem })}\n`;
}

/** `file:line:column`, which editors and terminals make clickable. */
export function formatPosition({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}

function place(position: SourcePosition, sourceLine: string | undefined, { dim, red }: Paint): string[] {
  const at = `  ${dim("-->")} ${formatPosition(position)}`;
  if (sourceLine === undefined) return [at];
  const number = String(position.line);
  const margin = " ".repeat(number.length);
  // Tabs stay as they are, so that the caret stands under its column however wide a tab is.
  const indent = sourceLine.slice(0, position.column - 1).replace(/[^\t]/g, " ");
  return [
    at,
    `  ${margin} ${dim("|")}`,
    `  ${dim(`${number} |`)} ${sourceLine.trimEnd()}`,
    `  ${margin} ${dim("|")} ${indent}${red("^")}`,
  ];
}

function withoutDot(message: string): string {
  return message.endsWith(".") ? message.slice(0, -1) : message;
}
