// What commands do with releases beside building them. Each part is loaded when it is used: most commands only
// build, and the libraries behind these take long to load.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { diskFileSystem, type Reads } from "@slipway/kustomize";
import { defaultRepository } from "./catalogue/repository.ts";
import { cacheFolder } from "./content/cache-folder.ts";
import type { LockOptions, LockOutcome } from "./lock/lock-choice.ts";
import { lockedRemotes } from "./lock/locked-remotes.ts";
import type { ReleaseChoice } from "./release/choose-release.ts";
import type { ListedRelease } from "./release/list-releases.ts";
import type { VendorOptions, VendorOutcome } from "./vendor/vendor-choice.ts";

/** The releases of a repository. */
export interface ReleaseList {
  readonly git: string;
  readonly releases: readonly (ListedRelease & {
    /** Whether the lock has it. */
    readonly locked: boolean;
    /** The folder that holds a copy, relative to the lock. */
    readonly vendored?: string;
  })[];
}

/**
 * The releases that the chosen release's repository has tags of, newest first; of Kubeflow's when none is
 * named. Throws a ProblemError when the remote can't be asked.
 */
export async function listReleases(
  choice: ReleaseChoice,
  options: { readonly candidates?: boolean } = {},
): Promise<ReleaseList> {
  const { listReleases: list } = await import("./release/list-releases.ts");
  const { mirroredRepository } = await import("./release/mirrors.ts");
  const { readLock } = await import("./lock/lock-file.ts");
  const git = await gitOf(choice);
  const entries = readLock(choice.lock);
  const releases = await list(mirroredRepository(git, choice.supply.mirrors), options);
  return {
    git,
    releases: releases.map((release) => {
      const entry = entries.find((each) => "git" in each && each.git === git && each.ref === release.version);
      const vendored = entry && "vendored" in entry ? entry.vendored : undefined;
      return { ...release, locked: entry !== undefined, ...(vendored === undefined ? {} : { vendored }) };
    }),
  };
}

async function gitOf({ source, directory }: ReleaseChoice): Promise<string> {
  if (source.type === "git") return source.git;
  if (source.type === "starter") return defaultRepository;
  const { readVendored } = await import("./vendor/open-vendored.ts");
  return readVendored(resolve(directory, source.path))?.git ?? defaultRepository;
}

/**
 * What the build of any kustomization may read: the disk, and copies of what a lock names that this machine has; see
 * `readsOfLock`. The lock is the one that is named, else the `slipway.lock` of the directory; without one it is the
 * disk alone, and the advice to lock what lies elsewhere.
 */
export async function lockedReads(options: {
  readonly directory: string;
  readonly lock?: string | undefined;
  readonly cache?: string;
}): Promise<Reads> {
  const { directory, lock, cache = cacheFolder() } = options;
  const usual = join(directory, "slipway.lock");
  if (lock === undefined && !existsSync(usual))
    return { fileSystem: diskFileSystem, remotes: lockedRemotes([]) };
  const { readsOfLock } = await import("./lock/locked-reads.ts");
  return readsOfLock(lock === undefined ? usual : resolve(directory, lock), cache);
}

/** Locks a release; see `lockChoice`. */
export async function lockRelease(choice: ReleaseChoice, options: LockOptions = {}): Promise<LockOutcome> {
  const { lockChoice } = await import("./lock/lock-choice.ts");
  return lockChoice(choice, options);
}

/** Vendors a release; see `vendorChoice`. */
export async function vendorRelease(
  choice: ReleaseChoice,
  options: VendorOptions = {},
): Promise<VendorOutcome> {
  const { vendorChoice } = await import("./vendor/vendor-choice.ts");
  return vendorChoice(choice, options);
}
