import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const prefix = ".making-";
const dayMs = 24 * 60 * 60 * 1000;

/** A new folder in which something is put together that will be renamed to a name in the same parent. */
export function makeBeside(parent: string): string {
  mkdirSync(parent, { recursive: true });
  sweep(parent);
  return mkdtempSync(join(parent, prefix));
}

/** Removes what runs left behind that were killed at least a day ago. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(prefix) || !existsSync(path)) continue;
    const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > dayMs) rmSync(path, { recursive: true, force: true });
  }
}
