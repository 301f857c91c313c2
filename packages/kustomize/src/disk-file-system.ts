// The real disk.
import { readFileSync, realpathSync, statSync } from "node:fs";
import type { FileSystem } from "./file-system.ts";

/** Reads from disk; relative paths start at the working directory. */
export const diskFileSystem: FileSystem = {
  readFile: (path) => readFileSync(path),
  kind: (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isDirectory() ? "directory" : "file";
  },
  realPath: (path) => realpathSync.native(path),
};
