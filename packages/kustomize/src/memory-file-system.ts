// A file system in memory, for tests and for programs that hold their files themselves.
import type { FileSystem } from "./file-system.ts";
import { absolutePath, parentPath } from "./posix-path.ts";

/**
 * A file system that holds the given files; keys are paths below `/` (a leading slash may be left out).
 * Directories exist where files do.
 */
export function memoryFileSystem(files: Readonly<Record<string, string | Uint8Array>>): FileSystem {
  const encoder = new TextEncoder();
  const contents = new Map<string, Uint8Array>();
  const directories = new Set<string>(["/"]);
  for (const [path, content] of Object.entries(files)) {
    const absolute = absolutePath(path);
    contents.set(absolute, typeof content === "string" ? encoder.encode(content) : content);
    for (let parent = parentPath(absolute); parent !== "/"; parent = parentPath(parent)) {
      directories.add(parent);
    }
  }
  const kind: FileSystem["kind"] = (path) => {
    const absolute = absolutePath(path);
    if (contents.has(absolute)) return "file";
    return directories.has(absolute) ? "directory" : undefined;
  };
  return {
    kind,
    readFile: (path) => {
      const content = contents.get(absolutePath(path));
      if (content === undefined) throw new Error(`no such file: ${path}`);
      return content;
    },
    realPath: (path) => {
      if (kind(path) === undefined) throw new Error(`no such file or directory: ${path}`);
      return absolutePath(path);
    },
  };
}
