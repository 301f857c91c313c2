import type { OutputFlags } from "../input/flags.ts";
import { paintFor } from "../output/paint.ts";
import type { Shell } from "../shell.ts";
import { createEventLines } from "./event-lines.ts";
import { createJsonLines } from "./json-lines.ts";
import { createLiveView } from "./live-view.ts";
import type { ProgressView } from "./view.ts";

/**
 * The view that fits: JSON lines on stdout when asked for; a live picture on a terminal that can show one;
 * else a line for each change.
 */
export function createView(
  flags: OutputFlags,
  shell: Shell,
  options: { readonly realTime: boolean },
): ProgressView {
  if (flags.output === "json") return createJsonLines((text) => shell.stdout.write(text));
  const paint = paintFor(shell.stderr, shell, flags.color);
  if (canRedraw(shell)) return createLiveView(shell.stderr, { paint, now: shell.now, ...options });
  return createEventLines((text) => shell.stderr.write(text), { paint, verbose: flags.verbose === true });
}

/** A terminal that understands moving the cursor, and nobody who records it line by line. */
function canRedraw({ stderr, environment }: Shell): boolean {
  return stderr.isTerminal && environment.TERM !== "dumb" && !environment.CI;
}
