import { dirname, join, relative, resolve } from "node:path";
import { ProblemError } from "@slipway/yaml";
import { defaultVendorFolder } from "../catalogue/repository.ts";
import { setReleaseKey } from "../file/set-release.ts";
import { keyOf, type LockedRelease } from "../lock/lock.ts";
import { lockChoice } from "../lock/lock-choice.ts";
import { readLock, updateLock, withEntry } from "../lock/lock-file.ts";
import type { ReleaseChoice } from "../release/choose-release.ts";
import { listReleases } from "../release/list-releases.ts";
import { mirroredRepository } from "../release/mirrors.ts";
import type { ReleaseSource } from "../release/release-source.ts";
import { compareVersions, parseVersion } from "../release/version.ts";
import { readVendored } from "./open-vendored.ts";
import { findLatest, type Vendored, vendorRelease } from "./vendor-release.ts";

/** How to vendor. */
export interface VendorOptions {
  /** The folder that holds a folder for each release, absolute; `vendor/kubeflow` beside the lock when left out. */
  readonly parent?: string;
  /** Every file, also those that no build reads. */
  readonly all?: boolean;
  /** The newest stable release, and only when it is newer than what is vendored. */
  readonly ifNewer?: boolean;
}

/** What vendoring came to. */
export type VendorOutcome =
  | { readonly type: "up-to-date"; readonly newest?: string; readonly vendored?: string }
  | ({ readonly type: "vendored"; readonly entry: LockedRelease; readonly edited?: FileEdit } & Vendored);

/** A slipway.yaml that now names the release that was vendored. */
export interface FileEdit {
  readonly file: string;
  readonly key: string;
  readonly value: string;
}

/**
 * Vendors the release that was chosen, as its lock has it; one that is not locked yet is locked first. The lock
 * then says where the copy lies, and builds take it from there; a slipway.yaml that names another release of the
 * same repository is made to name this one. Throws what locking and vendoring throw, `release/nothing-to-vendor`.
 */
export async function vendorChoice(
  choice: ReleaseChoice,
  options: VendorOptions = {},
): Promise<VendorOutcome> {
  const named = repositoryOf(choice);
  const parent = options.parent ?? join(dirname(choice.lock), defaultVendorFolder);
  let { ref } = named;
  if (options.ifNewer) {
    const [newest] = await listReleases(mirroredRepository(named.git, choice.supply.mirrors));
    const latest = findLatest(parent);
    if (!newest || (latest && !isNewer(newest.version, latest.ref))) {
      return {
        type: "up-to-date",
        ...(newest ? { newest: newest.version } : {}),
        ...(latest ? { vendored: latest.ref } : {}),
      };
    }
    ref = newest.version;
  }
  const source: ReleaseSource = { type: "git", git: named.git, ref };
  const entry = await lockedEntry({ ...choice, source });
  const folder = join(parent, ref.replaceAll("/", "-"));
  const vendored = await vendorRelease(entry, folder, { supply: choice.supply, all: options.all ?? false });
  const path = relative(dirname(choice.lock), folder);
  await updateLock(choice.lock, (entries) => withEntry(entries, { ...inOrder(entry, path) }));
  const edited = editFile(choice, source, path);
  return { type: "vendored", entry, ...(edited ? { edited } : {}), ...vendored };
}

function inOrder({ remotes, ...entry }: LockedRelease, vendored: string): LockedRelease {
  return { ...entry, vendored, remotes };
}

async function lockedEntry(
  choice: ReleaseChoice & { readonly source: ReleaseSource },
): Promise<LockedRelease> {
  const { source, lock } = choice;
  const key = source.type === "git" ? `${source.git}#${source.ref}` : "";
  const known = readLock(lock).find((entry) => keyOf(entry) === key);
  const entry = known ?? (await lockChoice(choice)).entry;
  if (!("git" in entry)) throw new Error("a repository's entry is one of a repository");
  return entry;
}

/** The repository and ref to vendor; of a folder that is vendored itself, those that it came from. */
function repositoryOf({ source, directory }: ReleaseChoice): { readonly git: string; readonly ref: string } {
  if (source.type === "git") return source;
  const own = source.type === "path" ? readVendored(resolve(directory, source.path)) : undefined;
  if (own) return own;
  throw new ProblemError({
    code: "release/nothing-to-vendor",
    message:
      source.type === "path"
        ? `${source.path} is a folder of your own: there is nothing to bring`
        : "no release is named",
    next: "name one: slipway vendor --release 26.03, or spec.release.version in slipway.yaml",
  });
}

/** Makes the slipway.yaml that had a say name what was vendored. */
function editFile(
  choice: ReleaseChoice,
  vendored: Extract<ReleaseSource, { type: "git" }>,
  path: string,
): FileEdit | undefined {
  const { file, inFile } = choice;
  if (file === undefined || inFile === undefined || inFile.type === "starter") return undefined;
  if (inFile.type === "path") {
    const own = readVendored(resolve(dirname(file), inFile.path));
    if (own?.git !== vendored.git || inFile.path === path) return undefined;
    return setReleaseKey(file, "path", path) ? { file, key: "path", value: path } : undefined;
  }
  if (inFile.git !== vendored.git || inFile.ref === vendored.ref) return undefined;
  const key = parseVersion(vendored.ref) && setReleaseKey(file, "version", vendored.ref) ? "version" : "ref";
  if (key === "ref" && !setReleaseKey(file, "ref", vendored.ref)) return undefined;
  return { file, key, value: vendored.ref };
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [parseVersion(version), parseVersion(than)];
  return a !== undefined && (b === undefined || compareVersions(a, b) > 0);
}
