// What is wrong with an expression, as cel-go shows it (common/error.go).

/** A complaint about a place of an expression, counted in UTF-16 units from its begin. */
export interface Issue {
  readonly offset: number;
  readonly text: string;
}

/** The complaints, each with the line that it is about and a mark below the place. */
export function formatIssues(expression: string, issues: readonly Issue[]): string {
  return [...issues]
    .sort((a, b) => a.offset - b.offset)
    .map((issue) => formatIssue(expression, issue))
    .join("\n");
}

function formatIssue(expression: string, { offset, text }: Issue): string {
  // There is no line to show.
  if (expression === "") return `ERROR: <input>:1:0: ${text}`;
  const before = expression.slice(0, offset).split("\n");
  const line = expression.split("\n")[before.length - 1] ?? "";
  const letters = [...(before.at(-1) ?? "")];
  // Wide letters get wide marks, so that the mark stands below its place.
  const dots = letters.map((letter) => (isWide(letter) ? "\uff0e" : ".")).join("");
  const mark = `${dots}${isWide([...line][letters.length] ?? "") ? "\uff3e" : "^"}`;
  return `ERROR: <input>:${before.length}:${letters.length + 1}: ${text}\n | ${line}\n | ${mark}`;
}

function isWide(letter: string): boolean {
  return Buffer.byteLength(letter) > 1;
}
