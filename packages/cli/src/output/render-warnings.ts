import type { Paint } from "./paint.ts";

/** One line for each warning; nothing when there are none. */
export function renderWarnings(warnings: readonly string[], paint: Paint): string {
  return warnings.map((warning) => `${paint.yellow("warning:")} ${warning}\n`).join("");
}
