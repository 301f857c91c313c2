// What a build needs of a file system.

/** Files by path; paths use `/` and are absolute or relative to a base that the file system knows. */
export interface FileSystem {
  /** The bytes of a file. Throws when it can't be read. */
  readFile(path: string): Uint8Array;
  /** What stands at a path, links followed; undefined when nothing does. */
  kind(path: string): "file" | "directory" | undefined;
  /** The absolute path with links resolved. Throws when nothing stands there. */
  realPath(path: string): string;
}
