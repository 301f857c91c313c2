// From what names a release (a flag, slipway.yaml) to the release itself.
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cacheFolder } from "../content/cache-folder.ts";
import type { PlatformFile } from "../file/schema.ts";
import { withoutPassword } from "../git/run-git.ts";
import type { Supply } from "../lock/acquire.ts";
import { lockedRemotes } from "../lock/locked-remotes.ts";
import type { Mirrors } from "./mirrors.ts";
import { openRelease } from "./open-release.ts";
import type { Release } from "./release.ts";
import { parseReleaseName, type ReleaseSource, sourceOfVersion } from "./release-source.ts";
import { openStarter } from "./starter.ts";

/** What names a release, and what it takes to get it. */
export interface ReleaseChoice {
  readonly source: ReleaseSource;
  /** Where a relative path of the source starts. */
  readonly directory: string;
  /** How a flag named it; left out when none did. */
  readonly flag?: string;
  /** The folder that stands for the network, absolute. */
  readonly remotes?: string;
  /** The slipway.lock that holds for it, absolute; it need not be there. */
  readonly lock: string;
  readonly supply: Supply;
  /** The slipway.yaml that had a say, absolute, and the release that it names. */
  readonly file?: string;
  readonly inFile?: ReleaseSource;
}

/** What {@link chooseRelease} goes by. Relative paths start at `directory`, those of the file beside it. */
export interface ReleaseNames {
  readonly directory: string;
  readonly release?: string;
  readonly starter?: boolean;
  readonly remotes?: string;
  readonly cache?: string;
  /** What a file says, and its path. */
  readonly named?: PlatformFile["spec"]["release"];
  readonly file?: string;
  /** Mirrors besides those of the file. */
  readonly mirrors?: Mirrors;
  readonly report?: (line: string) => void;
}

/** Decides between the flags and the file; with neither it is the starter. */
export function chooseRelease(names: ReleaseNames): ReleaseChoice {
  const { directory, named, file } = names;
  const beside = file === undefined ? directory : dirname(file);
  const isFlag = names.release !== undefined;
  const written = isFlag
    ? parseReleaseName(names.release ?? "", (path) => existsSync(resolve(directory, path)))
    : names.starter
      ? ({ type: "starter" } as const)
      : sourceInFile(named);
  const base = isFlag ? directory : beside;
  const source: ReleaseSource =
    written.type === "git" ? { ...written, git: withoutPassword(written.git) } : written;
  const remotes =
    names.remotes !== undefined
      ? resolve(directory, names.remotes)
      : named?.remotes !== undefined
        ? resolve(beside, named.remotes)
        : undefined;
  const mirrors: Record<string, string> = {};
  for (const [from, to] of Object.entries(named?.mirrors ?? {})) mirrors[from] = placed(to, beside);
  for (const [from, to] of Object.entries(names.mirrors ?? {})) mirrors[from] = placed(to, directory);
  // The lock knows a repository without its password and by its relative path.
  if (written.type === "git") {
    const bare = withoutPassword(written.git);
    if (bare !== written.git || isPath(bare)) mirrors[bare] = placed(written.git, base);
  }
  return {
    source,
    ...(names.release === undefined ? {} : { flag: names.release }),
    directory: base,
    ...(remotes === undefined ? {} : { remotes }),
    lock: join(beside, "slipway.lock"),
    ...(file === undefined ? {} : { file, inFile: sourceInFile(named) }),
    supply: {
      cache: names.cache ?? cacheFolder(),
      mirrors,
      ...(names.report ? { report: names.report } : {}),
    },
  };
}

function sourceInFile(named: ReleaseNames["named"]): ReleaseSource {
  if (named?.version !== undefined) return sourceOfVersion(named.version);
  if (named?.git !== undefined) return { type: "git", git: named.git, ref: named.ref ?? "" };
  return named?.path === undefined ? { type: "starter" } : { type: "path", path: named.path };
}

function isPath(address: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(address);
}

function placed(address: string, base: string): string {
  if (!isPath(address)) return address;
  // A path that ends in / stands for all that begins with it.
  return resolve(base, address) + (address.endsWith("/") ? "/" : "");
}

/**
 * Opens what was chosen. A release of a repository is opened as the lock has it, a folder with what the lock
 * knows of the things that it refers to. Throws a ProblemError: `release/not-locked`, or what opening throws.
 */
export async function openChoice(choice: ReleaseChoice): Promise<Release> {
  const { source, directory, remotes, lock, supply } = choice;
  if (source.type === "starter") return openStarter();
  if (remotes !== undefined && source.type === "path")
    return openRelease(source.path, { remotes, directory });
  const unlocked = { remotes: lockedRemotes([]) };
  const folder = source.type === "path" ? resolve(directory, source.path) : "";
  if (source.type === "path" && !existsSync(lock) && !existsSync(join(folder, "slipway.lock"))) {
    return { ...openRelease(source.path, { directory }), ...unlocked };
  }
  // Loaded only here: a lock is read with the schema's library, which takes longer to load than most files.
  const { openLocked, openLockedFolder, notLocked } = await import("../lock/open-locked.ts");
  const { readLock } = await import("../lock/lock-file.ts");
  const { keyOf } = await import("../lock/lock.ts");
  if (source.type === "path") {
    const { openVendored, readVendored } = await import("../vendor/open-vendored.ts");
    if (readVendored(folder)) return openVendored(folder);
    const entry = readLock(lock).find((each) => keyOf(each) === source.path);
    const release = openRelease(source.path, { directory });
    return openLockedFolder(release, entry?.remotes ?? [], supply);
  }
  const entry = readLock(lock).find((each) => keyOf(each) === `${source.git}#${source.ref}`);
  if (!entry || !("git" in entry)) throw notLocked(source, lock, choice.flag);
  const release = await openLocked(entry, dirname(lock), supply);
  return remotes === undefined
    ? release
    : { ...release, ...openRelease(release.root, { remotes, name: release.name }) };
}
