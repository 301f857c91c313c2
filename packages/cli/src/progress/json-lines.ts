import type { ProgressView } from "./view.ts";

/** Every event as one line of JSON. */
export function createJsonLines(write: (text: string) => void): ProgressView {
  return {
    show: (event) => write(`${JSON.stringify(event)}\n`),
    close: () => {},
  };
}
