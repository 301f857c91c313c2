// Other places from which the same content comes, where its own can't be reached.
import { pathToFileURL } from "node:url";
import type { Repository } from "../git/remote-refs.ts";

/** What addresses begin with, and what is put in place of that. */
export type Mirrors = Readonly<Record<string, string>>;

/** The address to ask: of the mirrors that fit, the one with the longest beginning. A path becomes `file:`. */
export function mirrored(address: string, mirrors: Mirrors): string {
  const [from] = Object.keys(mirrors)
    .filter((beginning) => address.startsWith(beginning))
    .sort((a, b) => b.length - a.length);
  const found = from === undefined ? address : `${mirrors[from]}${address.slice(from.length)}`;
  return found.startsWith("/") ? pathToFileURL(found).href : found;
}

/** A repository that is asked at its mirror. */
export function mirroredRepository(git: string, mirrors: Mirrors): Repository {
  return { git, address: mirrored(git, mirrors) };
}
