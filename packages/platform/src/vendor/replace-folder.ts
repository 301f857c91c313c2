// Puts a folder in the place of another, so that there is a whole one whenever a run is killed.
import { existsSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { exclusively } from "../content/exclusively.ts";

/**
 * Renames `fresh` to `folder`. What stood there is set aside first and removed last; {@link restoreFolder} takes
 * it back when a run ends in between. Runs at the same time come one after the other; with `unless` the one that
 * comes later can see that its work is done.
 */
export async function replaceFolder(fresh: string, folder: string, unless: () => boolean): Promise<void> {
  await exclusively(join(dirname(folder), `.${basename(folder)}.claim`), () => {
    restoreFolder(folder);
    if (unless()) return;
    const aside = asideOf(folder);
    rmSync(aside, { recursive: true, force: true });
    if (existsSync(folder)) renameSync(folder, aside);
    renameSync(fresh, folder);
    rmSync(aside, { recursive: true, force: true });
  });
}

/** Takes back what a run had set aside that was killed before it had put something in its place. */
export function restoreFolder(folder: string): void {
  const aside = asideOf(folder);
  if (!existsSync(folder) && existsSync(aside)) renameSync(aside, folder);
}

function asideOf(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.before`);
}
