// Reads only files whose content is known beforehand.
import type { FileSystem } from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import { sha256 } from "./manifest.ts";

/** A folder, or a single file, and what it must hold. */
export interface VerifiedPlace {
  /** Absolute, links resolved. */
  readonly root: string;
  /** The SHA-256 that a file must have, by path relative to the root ("" for the root itself). */
  readonly digestOf: (path: string) => string | undefined;
  /** What to do when a file has another. */
  readonly next: string;
}

/**
 * A file system that compares what it reads with what it must be. A file with other content is
 * `release/changed`, with both digests; one that lies in none of the places, or is not listed in its own, is
 * `release/not-locked-file`, unless what lies elsewhere is to be read as it is.
 */
export function verifiedFileSystem(
  base: FileSystem,
  places: readonly VerifiedPlace[],
  elsewhere: "refuse" | "read" = "refuse",
): FileSystem {
  return {
    ...base,
    readFile: (path) => {
      const content = base.readFile(path);
      const real = base.realPath(path);
      const place = places.find(({ root }) => real === root || real.startsWith(`${root}/`));
      if (place === undefined && elsewhere === "read") return content;
      const expected = place?.digestOf(real.slice(place.root.length + 1));
      if (place === undefined || expected === undefined) throw notLocked(path, place);
      const found = sha256(content);
      if (found !== expected) throw changed(path, { expected, found }, place);
      return content;
    },
  };
}

function notLocked(path: string, place: VerifiedPlace | undefined): ProblemError {
  return new ProblemError({
    code: "release/not-locked-file",
    message: `${path} is not among the files that were locked`,
    ...(place ? { next: place.next } : {}),
  });
}

function changed(
  path: string,
  { expected, found }: { readonly expected: string; readonly found: string },
  { next }: VerifiedPlace,
): ProblemError {
  return new ProblemError({
    code: "release/changed",
    message: `${path} has changed: locked as sha256:${expected}, found sha256:${found}`,
    next,
  });
}
