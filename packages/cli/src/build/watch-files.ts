import { existsSync, type FSWatcher, watch } from "node:fs";
import { dirname, resolve } from "node:path";

/** Editors write a file in several steps; this long after the last one it counts as changed. */
const settleMs = 40;

/** Tells of changes beside files, whether they are there or not. */
export interface FileWatch {
  /** Watches the folders of these paths from now on, and no others. */
  cover(paths: readonly string[]): void;
  /** Resolves once something has changed since the last call and it has been quiet for a moment. */
  changed(): Promise<void>;
  close(): void;
}

/** The folder of a path, or the first one above it that is there. */
function nearestFolder(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/** Watches folders: a file that is replaced, or comes to be, has no watch of its own. */
export function watchFiles(): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let isChanged = false;
  let timer: NodeJS.Timeout | undefined;
  let wake: (() => void) | undefined;
  const note = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isChanged = true;
      wake?.();
    }, settleMs);
  };
  const drop = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  return {
    cover: (paths) => {
      const wanted = new Set(paths.map(nearestFolder));
      for (const folder of [...watchers.keys()]) if (!wanted.has(folder)) drop(folder);
      for (const folder of wanted) {
        if (watchers.has(folder)) continue;
        try {
          const watcher = watch(folder, note);
          watcher.on("error", () => drop(folder));
          watchers.set(folder, watcher);
        } catch {
          // Gone since it was looked for.
        }
      }
    },
    changed: async () => {
      if (!isChanged) await new Promise<void>((resolve) => (wake = resolve));
      isChanged = false;
      wake = undefined;
    },
    close: () => {
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };
}
