// What a build takes from the program that it runs in, when that is Node (`#runtime` in package.json).
import { hash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import type { FileSystem } from "../file-system.ts";

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

/** The SHA-256 digest of bytes, in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
