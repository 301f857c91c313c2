import { posix } from "node:path";
import type { FileSystem } from "@slipway/kustomize";

/** A file system in which some files, by absolute path, stand over or beside those of another. */
export function layeredFileSystem(base: FileSystem, files: Readonly<Record<string, string>>): FileSystem {
  const encoder = new TextEncoder();
  const contents = new Map(Object.entries(files).map(([path, text]) => [path, encoder.encode(text)]));
  const directories = new Set<string>();
  for (const path of contents.keys()) {
    for (let parent = posix.dirname(path); parent !== "/"; parent = posix.dirname(parent))
      directories.add(parent);
  }
  return {
    readFile: (path) => contents.get(posix.resolve(path)) ?? base.readFile(path),
    kind: (path) => {
      const absolute = posix.resolve(path);
      if (contents.has(absolute)) return "file";
      return base.kind(path) ?? (directories.has(absolute) ? "directory" : undefined);
    },
    realPath: (path) => {
      const absolute = posix.resolve(path);
      const isNew = contents.has(absolute) || (directories.has(absolute) && base.kind(path) === undefined);
      return isNew ? absolute : base.realPath(path);
    },
  };
}
