// Opens a release as its lock has it.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { diskFileSystem } from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import { verifiedFileSystem } from "../content/verified-file-system.ts";
import { withoutPassword } from "../git/run-git.ts";
import { openRelease } from "../release/open-release.ts";
import type { Release } from "../release/release.ts";
import { openVendored } from "../vendor/open-vendored.ts";
import { acquireFile, acquireTree, type Supply } from "./acquire.ts";
import type { LockedRelease, LockedRemote } from "./lock.ts";
import { type LocalRemote, lockedRemotes, verifiedRemote, verifiedTree } from "./locked-remotes.ts";

/**
 * The release of an entry: from its vendored copy, when it has one, else from the cache, which fetches what it
 * lacks. Every file is compared with the lock as it is read. `directory` is the lock's.
 */
export async function openLocked(entry: LockedRelease, directory: string, supply: Supply): Promise<Release> {
  if (entry.vendored !== undefined) return openVendored(join(directory, entry.vendored), entry);
  const tree = await acquireTree(entry, supply);
  const locals = await acquireRemotes(entry.remotes, supply);
  const release = openRelease(tree.root, { name: entry.ref });
  const places = [verifiedTree(tree, ""), ...locals.map(verifiedRemote)];
  return {
    ...release,
    remotes: lockedRemotes(locals),
    mounts: places.map(({ mount }) => mount),
    fileSystem: verifiedFileSystem(diskFileSystem, places),
  };
}

/** A folder's release, with the copies of what it refers to that a lock names. */
export async function openLockedFolder(
  release: Release,
  remotes: readonly LockedRemote[],
  supply: Supply,
): Promise<Release> {
  const locals = await acquireRemotes(remotes, supply);
  const places = locals.map(verifiedRemote);
  return {
    ...release,
    remotes: lockedRemotes(locals),
    mounts: places.map(({ mount }) => mount),
    // Only what was fetched is compared: the folder is the user's own.
    fileSystem: verifiedFileSystem(diskFileSystem, places, "read"),
  };
}

/** Brings every locked reference to this machine. */
export async function acquireRemotes(
  remotes: readonly LockedRemote[],
  supply: Supply,
): Promise<readonly LocalRemote[]> {
  const locals: LocalRemote[] = [];
  for (const locked of remotes) {
    locals.push(
      "file" in locked
        ? { locked, path: await acquireFile(locked, supply) }
        : { locked, tree: await acquireTree(locked, supply) },
    );
  }
  return locals;
}

/** The problem of a release that no lock has; `flag` is how `--release` named it. */
export function notLocked(
  { git, ref }: { readonly git: string; readonly ref: string },
  lock: string,
  flag: string | undefined,
): ProblemError {
  const shown = relative(process.cwd(), lock);
  return new ProblemError({
    code: "release/not-locked",
    message: existsSync(lock)
      ? `${shown} has no entry for ${ref} of ${withoutPassword(git)}`
      : `there is no ${shown}, and a release of a repository is built only as it was locked`,
    next: `slipway release lock${flag === undefined ? "" : ` --release ${withoutPassword(flag)}`} writes it: commit and digests of the release and of all that it refers to`,
  });
}
