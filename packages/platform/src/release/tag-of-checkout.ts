import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The tag that a clone has checked out (`git clone --branch TAG`), read from git's own files (gitrepository-layout:
 * HEAD, packed-refs); undefined on a branch, between tags and outside of git.
 */
export function tagOfCheckout(root: string): string | undefined {
  const head = readIfThere(join(root, ".git/HEAD"))?.trim();
  if (head === undefined || !/^[0-9a-f]{40,64}$/.test(head)) return undefined;
  let tag: string | undefined;
  for (const line of readIfThere(join(root, ".git/packed-refs"))?.split("\n") ?? []) {
    const [commit = "", name] = line.split(" ");
    if (name?.startsWith("refs/")) tag = /^refs\/tags\/(.+)$/.exec(name)?.[1];
    // A line with ^ tells to which commit the annotated tag above it points.
    if (commit.replace(/^\^/, "") === head && tag !== undefined) return tag;
  }
  return undefined;
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
