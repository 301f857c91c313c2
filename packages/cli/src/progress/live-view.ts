import type { Paint } from "../output/paint.ts";
import type { Output } from "../shell.ts";
import { drawFrame } from "./frame.ts";
import { applyEvent, newRunState } from "./run-state.ts";
import type { ProgressView } from "./view.ts";

/** No more than about ten pictures a second. */
const frameMs = 100;

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearToEnd = "\u001b[J";

/**
 * Progress on a terminal: one picture that is redrawn in place. It is drawn when an event comes and the last
 * one is old enough, and by a timer in between, so that elapsed times move on a real cluster. `sinceEvents`
 * adds real time to the time of the newest event; on a virtual clock there is none to add.
 */
export function createLiveView(
  output: Output,
  options: { readonly paint: Paint; readonly now: () => number; readonly realTime: boolean },
): ProgressView {
  const run = newRunState();
  let drawnAt = 0;
  let height = 0;
  let eventAt = options.now();

  const draw = () => {
    drawnAt = options.now();
    const shown = options.realTime ? { ...run, now: run.now + (drawnAt - eventAt) } : run;
    const lines = drawFrame(shown, output, options.paint);
    output.write(`${backTo(height)}${clearToEnd}${lines.join("\n")}\n`);
    height = lines.length;
  };

  output.write(hideCursor);
  const timer = setInterval(() => {
    if (run.nodes.size > 0 && options.now() - drawnAt >= frameMs) draw();
  }, frameMs);
  timer.unref();
  return {
    show(event) {
      applyEvent(run, event);
      eventAt = options.now();
      if (event.type === "warning") {
        output.write(`${backTo(height)}${clearToEnd}${options.paint.yellow("warning:")} ${event.message}\n`);
        height = 0;
        return draw();
      }
      if (eventAt - drawnAt >= frameMs || event.type === "stopping") draw();
    },
    close() {
      clearInterval(timer);
      if (run.nodes.size > 0) draw();
      output.write(showCursor);
    },
  };
}

/** Up to the first line of the picture that stands there. */
function backTo(height: number): string {
  return height === 0 ? "" : `\u001b[${height}A\r`;
}
