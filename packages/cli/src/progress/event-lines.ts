import type { DeployEvent, ObjectState } from "@slipway/deploy";
import { formatDuration } from "@slipway/kubernetes/objects";
import type { Paint } from "../output/paint.ts";
import { applyEvent, listNames, nameOf, newRunState } from "./run-state.ts";
import type { ProgressView } from "./view.ts";

/**
 * Progress where there is no terminal: a line for each change of state, with the time since the start. An
 * object that is ready as soon as it is written gives one line, not two; waiting and being written give one
 * only with `verbose`.
 */
export function createEventLines(
  write: (text: string) => void,
  options: { readonly paint: Paint; readonly verbose: boolean },
): ProgressView {
  const { paint, verbose } = options;
  const run = newRunState();
  /** Lines of objects that were written at the newest instant and may still turn ready in it. */
  const held = new Map<string, string>();
  let heldAt = 0;

  const line = (at: number, word: string, text: string) =>
    `${paint.dim(`+${((at - run.startedAt) / 1000).toFixed(1)}s`.padStart(9))} ${word.padEnd(8)} ${text}\n`;
  const release = () => {
    for (const text of held.values()) write(text);
    held.clear();
  };
  const color: Partial<Record<ObjectState, (text: string) => string>> = {
    ready: paint.green,
    failed: paint.red,
    skipped: paint.yellow,
  };

  const showState = (event: Extract<DeployEvent, { type: "state" }>) => {
    const { state, message, waitsFor = [] } = event;
    if (!verbose && (state === "waiting" || state === "applying")) return;
    // Stopping skips all that has not begun; the end counts them.
    if (!verbose && state === "skipped" && run.stopping !== undefined) return;
    const reason = message ? `: ${message}` : "";
    const waits = waitsFor.length > 0 ? ` (waits for ${listNames(run, waitsFor)})` : "";
    const word = (color[state] ?? ((text: string) => text))(state.padEnd(8));
    const text = line(event.at, word, `${nameOf(run, event.node)}${reason}${waits}`);
    held.delete(event.node);
    if (state !== "applied") return write(text);
    held.set(event.node, text);
    heldAt = event.at;
  };

  return {
    show(event) {
      if (event.at > heldAt) release();
      applyEvent(run, event);
      switch (event.type) {
        case "state":
          return showState(event);
        case "retry":
          return write(
            line(
              event.at,
              "retry",
              `${nameOf(run, event.node)} in ${formatDuration(event.inMs)} (attempt ${event.attempt}): ${event.reason}`,
            ),
          );
        case "warning":
          return write(
            line(event.at, "warning", `${event.node ? `${nameOf(run, event.node)}: ` : ""}${event.message}`),
          );
        case "heartbeat": {
          const waiting = event.waitingFor.slice(0, 3).map(({ node, message }) => {
            return `${nameOf(run, node)}${message ? ` (${message})` : ""}`;
          });
          const rest = waiting.length > 0 ? `; waiting for ${waiting.join(", ")}` : "";
          return write(line(event.at, "so far", `${event.ready} of ${event.total} ready${rest}`));
        }
        case "stopping":
          return write(
            line(
              event.at,
              "stopping",
              `${event.reason}: ${event.applied} of ${event.total} objects are applied`,
            ),
          );
        case "finished":
          release();
      }
    },
    close: release,
  };
}
