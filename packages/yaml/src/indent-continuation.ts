// Lines that continue a flow collection or a quoted scalar may stand at any margin for go-yaml.
import { type Event, parseEvents, YAMLException } from "js-yaml";

const complaint = "deficient indentation";
/** Each moved line costs another reading of what stands above it. */
const maxMoves = 2_000;

/** js-yaml's events, and the text that their offsets belong to. */
export interface ParsedText {
  readonly text: string;
  readonly events: Event[];
}

/**
 * Parses as js-yaml does, but accepts continuation lines that stand further left than their parent, as libyaml
 * does: each such line is moved to the right, which changes no value and no line number.
 * @throws YAMLException
 */
export function parseContinuations(
  source: string,
  options: { filename: string; maxDepth: number },
): ParsedText {
  let text = source;
  let column = 1;
  let last = -1;
  for (let moves = 0; ; moves++) {
    try {
      return { text, events: parseEvents(text, options) };
    } catch (error) {
      if (!(error instanceof YAMLException) || error.reason !== complaint || !error.mark) throw error;
      const start = text.lastIndexOf("\n", error.mark.position - 1) + 1;
      // The same line once more: it belongs to something that is indented deeper still.
      if (start === last) column++;
      last = start;
      if (moves >= maxMoves || column > options.maxDepth) throw error;
      text = text.slice(0, start) + " ".repeat(column) + text.slice(start);
    }
  }
}
