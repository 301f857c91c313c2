import type { Output, Shell } from "../shell.ts";

/** When to colour: `auto` is on a terminal that is not dumb. */
export type ColorChoice = "auto" | "always" | "never";

/** Wraps text in terminal colours, or leaves it alone. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
}

const plain = (text: string) => text;

/** No colours at all. */
export const noPaint: Paint = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
  blue: plain,
};

const colored: Paint = {
  bold: wrap(1, 22),
  dim: wrap(2, 22),
  red: wrap(31, 39),
  green: wrap(32, 39),
  yellow: wrap(33, 39),
  blue: wrap(34, 39),
};

/**
 * The colours for a stream. The flag decides first, then `NO_COLOR` and `FORCE_COLOR` (no-color.org,
 * force-color.org), then whether it is a terminal.
 */
export function paintFor(
  output: Output,
  { environment }: Pick<Shell, "environment">,
  choice: ColorChoice = "auto",
): Paint {
  return wantsColor(output, environment, choice) ? colored : noPaint;
}

function wantsColor(output: Output, environment: Shell["environment"], choice: ColorChoice): boolean {
  if (choice !== "auto") return choice === "always";
  if (environment.NO_COLOR) return false;
  const force = environment.FORCE_COLOR;
  if (force !== undefined) return force !== "0" && force !== "false";
  return output.isTerminal && environment.TERM !== "dumb";
}

function wrap(open: number, close: number): (text: string) => string {
  return (text) => `\u001b[${open}m${text}\u001b[${close}m`;
}
