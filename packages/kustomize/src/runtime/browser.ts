// What a build takes from the program that it runs in, when that is a browser or anything else without Node's modules.
import type { FileSystem } from "../file-system.ts";
import { failure } from "../problem.ts";
import { sha256Words } from "./sha256-words.ts";

/** There is no disk: whoever builds says where files are. */
export const diskFileSystem: FileSystem = { readFile: noDisk, kind: noDisk, realPath: noDisk };

function noDisk(path: string): never {
  throw failure("no-disk", `${path} can't be read: there is no disk here`, {
    next: "Give the build a fileSystem, for instance memoryFileSystem({ … }).",
  });
}

/** The SHA-256 digest of bytes, in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return Array.from(sha256Words(bytes), (word) => word.toString(16).padStart(8, "0")).join("");
}
