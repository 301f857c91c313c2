// What commands do with releases beside building them. Each part is loaded when it is used: most commands only
// build, and the libraries behind these take long to load.
import { defaultRepository } from "./catalogue/repository.ts";
import type { LockOptions, LockOutcome } from "./lock/lock-choice.ts";
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
  const { resolve } = await import("node:path");
  const { readVendored } = await import("./vendor/open-vendored.ts");
  return readVendored(resolve(directory, source.path))?.git ?? defaultRepository;
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
