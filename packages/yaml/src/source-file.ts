// One source text and the arithmetic from offsets to lines.
import type { SourcePosition } from "./problem.ts";

/** A text that was read, kept so that any node of it can say where it stands. */
export interface SourceFile {
  /** The path as people know it. */
  readonly path: string;
  readonly text: string;
  /** Lines that precede `text` in the real file (for YAML written inside another YAML file); usually 0. */
  readonly lineOffset: number;
  /** Offsets at which lines begin; filled when first asked for. */
  lineStarts: number[] | null;
}

/** A source file from its path and text. */
export function sourceFile(path: string, text: string, lineOffset = 0): SourceFile {
  return { path, text, lineOffset, lineStarts: null };
}

/** File, line and column of an offset; an offset below 0 stands for the file's beginning. */
export function positionAt(file: SourceFile, offset: number): SourcePosition {
  const at = Math.max(0, offset);
  const starts = lineStartsOf(file);
  const index = lineIndex(starts, at);
  return { file: file.path, line: index + 1 + file.lineOffset, column: at - (starts[index] ?? 0) + 1 };
}

/** The line of source around an offset, without its line break. */
export function lineTextAt(file: SourceFile, offset: number): string {
  const starts = lineStartsOf(file);
  const index = lineIndex(starts, Math.max(0, offset));
  const end = starts[index + 1] ?? file.text.length + 1;
  return file.text.slice(starts[index] ?? 0, end - 1).replace(/\r$/, "");
}

function lineStartsOf(file: SourceFile): number[] {
  if (file.lineStarts) return file.lineStarts;
  const starts = [0];
  for (let at = file.text.indexOf("\n"); at >= 0; at = file.text.indexOf("\n", at + 1)) starts.push(at + 1);
  file.lineStarts = starts;
  return starts;
}

function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
