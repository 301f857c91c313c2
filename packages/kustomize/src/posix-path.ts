// Paths with `/`, as Node's path.posix treats them, without Node.

/** The path without `.`, `..` that can be resolved and repeated slashes; a slash at its end stays. */
export function normalizePath(path: string): string {
  if (path === "") return ".";
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isAbsolute) parts.push("..");
  }
  const normal = parts.join("/");
  const end = path.endsWith("/") && normal !== "" ? "/" : "";
  if (isAbsolute) return `/${normal}${end}`;
  return normal === "" ? (path.endsWith("/") ? "./" : ".") : normal + end;
}

/** One path from several, empty ones left out, normalized. */
export function joinPaths(...paths: readonly string[]): string {
  return normalizePath(paths.filter((path) => path !== "").join("/"));
}

/** The path from `/`, without a slash at its end. */
export function absolutePath(path: string): string {
  const normal = normalizePath(`/${path}`);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** The directory that an absolute path lies in. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
