// Brings what a lock names into the cache, or finds it there.
import { ProblemError } from "@slipway/yaml";
import { addFile, addTree, type CachedTree, findFile, findTree } from "../content/cache.ts";
import { download } from "../content/download.ts";
import { checkoutCommit } from "../git/checkout-commit.ts";
import { type ResolvedRef, resolveRef } from "../git/remote-refs.ts";
import { withoutPassword } from "../git/run-git.ts";
import { type Mirrors, mirrored, mirroredRepository } from "../release/mirrors.ts";
import type { LockedFile, LockedRelease, LockedRepository } from "./lock.ts";

/** Where content is kept, where it comes from, and who hears of what is fetched. */
export interface Supply {
  readonly cache: string;
  readonly mirrors: Mirrors;
  readonly report?: (line: string) => void;
}

/** A repository's files at a commit that is known, which may not have been seen yet. */
export interface WantedTree {
  readonly git: string;
  readonly ref: string;
  readonly resolved: ResolvedRef;
  readonly paths?: readonly string[] | undefined;
}

/** Fetches the files of a commit into the cache. */
export async function fetchTree(wanted: WantedTree, supply: Supply): Promise<CachedTree> {
  const { git, ref, resolved, paths = [] } = wanted;
  const repository = mirroredRepository(git, supply.mirrors);
  const part = paths.length > 0 ? ` (${paths.join(", ")})` : "";
  supply.report?.(`fetching ${withoutPassword(git)} ${ref}${part}`);
  return addTree(supply.cache, (folder) => checkoutCommit({ repository, ref, resolved, paths }, folder));
}

/** Fetches a raw file into the cache. */
export function fetchFile(
  url: string,
  supply: Supply,
): Promise<{ readonly path: string; readonly digest: string }> {
  supply.report?.(`fetching ${url}`);
  return addFile(supply.cache, (path) => download(mirrored(url, supply.mirrors), path));
}

/**
 * The locked files of a repository. Only what the cache lacks is fetched. A tag that leads to another commit
 * than the locked one is `release/moved`, other files than the locked ones are `release/changed`.
 */
export async function acquireTree(
  locked: LockedRelease | LockedRepository,
  supply: Supply,
): Promise<CachedTree> {
  const cached = findTree(supply.cache, locked.tree);
  if (cached) return cached;
  const paths = "paths" in locked ? locked.paths : undefined;
  const { git, ref, commit } = locked;
  return telling(locked, async () => {
    const now = await resolveRef(mirroredRepository(git, supply.mirrors), ref);
    // A branch moves on, that is what it is for; the locked commit is still wanted.
    if (now.kind === "tag" && now.commit !== commit) throw moved(locked, now.commit);
    const tree = await fetchTree({ git, ref, resolved: { ...now, commit }, paths }, supply);
    if (tree.manifest.digest !== locked.tree) {
      throw changedContent(`${withoutPassword(git)} ${ref}`, locked.tree, tree.manifest.digest);
    }
    return tree;
  });
}

/** The locked copy of a raw file; see {@link acquireTree}. */
export async function acquireFile(locked: LockedFile, supply: Supply): Promise<string> {
  const cached = findFile(supply.cache, locked.digest);
  if (cached) return cached;
  return telling(locked, async () => {
    const { path, digest } = await fetchFile(locked.file, supply);
    if (digest !== locked.digest) throw changedContent(locked.file, locked.digest, digest);
    return path;
  });
}

/** The problem of a ref that leads elsewhere than when it was locked. */
export function moved({ git, ref, commit }: LockedRelease | LockedRepository, now: string): ProblemError {
  return new ProblemError({
    code: "release/moved",
    message: `${ref || "the default branch"} of ${withoutPassword(git)} has moved: locked as commit ${commit}, now commit ${now}`,
    next: "find out why; slipway release lock --update accepts it",
  });
}

/** The problem of content that is not what was locked. */
export function changedContent(what: string, locked: string, found: string): ProblemError {
  return new ProblemError({
    code: "release/changed",
    message: `${what} has changed: locked as ${locked}, found ${found}`,
    next: "find out why; slipway release lock --update accepts it",
  });
}

/** What can't be fetched is told with the entry of the lock that asks for it, and how to do without. */
async function telling<T>(
  locked: LockedRelease | LockedRepository | LockedFile,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== "release/fetch-failed") throw error;
    const entry =
      "file" in locked ? `file: ${locked.file}` : `git: ${withoutPassword(locked.git)}, ref: ${locked.ref}`;
    const related = [{ message: `slipway.lock has it (${entry}), but the cache on this machine does not` }];
    const isVendored = "vendored" in locked && locked.vendored !== undefined;
    const instead = isVendored
      ? `builds need no network: they read ${locked.vendored}`
      : "a vendored release needs no network: slipway vendor";
    throw new ProblemError({
      ...error.problem,
      related: [...(error.problem.related ?? []), ...related],
      next: [error.problem.next, instead].filter((part) => part !== undefined).join("; "),
    });
  }
}
