import { exitCodes } from "./exit-codes.ts";
import type { ProgressView } from "./progress/view.ts";
import type { Shell } from "./shell.ts";

/**
 * The first Ctrl-C asks the run to stop in order: nothing new is started and it says where things stand. The
 * second ends the process at once, after the terminal has been put back as it was.
 */
export function stopOnInterrupt(
  shell: Shell,
  view: Pick<ProgressView, "close">,
): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const release = shell.onInterrupt(() => {
    if (!controller.signal.aborted) {
      controller.abort(new Error("interrupted; Ctrl-C once more ends at once"));
      return;
    }
    view.close();
    process.exit(exitCodes.interrupted);
  });
  return { signal: controller.signal, release };
}

/** Resolves at the first Ctrl-C; the next one is no longer caught. */
export function untilInterrupted(shell: Shell): Promise<void> {
  return new Promise((resolve) => {
    const release = shell.onInterrupt(() => {
      release();
      resolve();
    });
  });
}
