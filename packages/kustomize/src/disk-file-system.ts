// The real disk.
import { readFileSync, realpathSync, statSync } from "node:fs";
import type { FileSystem } from "./file-system.ts";

/** Reads from disk; relative paths start at the working directory. */
export const diskFileSystem: FileSystem = {
  readFile: (path) => readFileSync(path),
  kind: (path) => {
    try {
      return statSync(path).isDirectory() ? "directory" : "file";
    } catch {
      // Missing, below a file, behind a loop of links or out of reach: for a build all the same.
      return undefined;
    }
  },
  realPath: (path) => realpathSync.native(path),
};
