// A terminal's screen, as far as Slipway's output needs one: text, lines, colours, cursor up, erasing.

/** How a run of characters looks. */
export interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  /** One of the eight colours, 8 to 15 when bright; undefined for the default. */
  readonly colour?: number;
}

/** A run of characters of one style. */
export interface Run {
  readonly text: string;
  readonly style: Style;
}

/** The lines of a screen, each cut into runs. */
export type Frame = readonly (readonly Run[])[];

interface Cell {
  readonly character: string;
  readonly style: Style;
}

const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);

/** A control sequence, an operating system command (skipped), a line's end, or one printed character. */
const tokens = new RegExp(`${esc}\\[([?\\d;]*)([A-Za-z])|${esc}\\][^${bell}]*${bell}|\\r|\\n|\\P{Cc}`, "gu");

const plain: Style = { bold: false, dim: false };

/** A screen of a width and a height that scrolls; `write` takes what a program prints. */
export function createScreen(columns: number, rows: number): { write(text: string): void; frame(): Frame } {
  let lines: Cell[][] = [[]];
  let row = 0;
  let column = 0;
  let style = plain;

  function newLine(): void {
    row += 1;
    while (lines.length <= row) lines.push([]);
    if (lines.length > rows) {
      row -= lines.length - rows;
      lines = lines.slice(-rows);
    }
  }

  function put(character: string): void {
    if (column >= columns) {
      newLine();
      column = 0;
    }
    const line = lines[row] ?? [];
    while (line.length < column) line.push({ character: " ", style: plain });
    line[column] = { character, style };
    lines[row] = line;
    column += 1;
  }

  function control(parameters: string, command: string): void {
    const numbers = parameters.split(";").map(Number);
    const count = Math.max(1, numbers[0] ?? 1);
    if (command === "A") row = Math.max(0, row - count);
    else if (command === "B") row = Math.min(lines.length - 1, row + count);
    else if (command === "C") column = Math.min(columns - 1, column + count);
    else if (command === "D") column = Math.max(0, column - count);
    else if (command === "G") column = count - 1;
    else if (command === "K") lines[row] = numbers[0] === 2 ? [] : (lines[row] ?? []).slice(0, column);
    else if (command === "J") {
      lines[row] = (lines[row] ?? []).slice(0, column);
      lines = lines.slice(0, row + 1);
    } else if (command === "m") style = numbers.reduce(restyle, style);
  }

  return {
    write(text) {
      for (const part of text.matchAll(tokens)) {
        const [whole, parameters, command] = part;
        if (command !== undefined) control(parameters ?? "", command);
        else if (whole === "\r") column = 0;
        else if (whole === "\n") newLine();
        else if (!whole.startsWith(esc)) put(whole);
      }
    },
    frame: () => lines.map(toRuns),
  };
}

function restyle(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code >= 30 && code <= 37) return { ...style, colour: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, colour: code - 82 };
  if (code === 39) return { bold: style.bold, dim: style.dim };
  return style;
}

function toRuns(line: readonly Cell[]): Run[] {
  const runs: { text: string; style: Style }[] = [];
  for (const { character, style } of line) {
    const last = runs.at(-1);
    if (last && sameStyle(last.style, style)) last.text += character;
    else runs.push({ text: character, style });
  }
  return runs;
}

function sameStyle(a: Style, b: Style): boolean {
  return a.bold === b.bold && a.dim === b.dim && a.colour === b.colour;
}
