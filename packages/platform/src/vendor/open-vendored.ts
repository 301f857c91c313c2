// A release that was vendored: a folder that holds its files, what they refer to, and its own lock.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { diskFileSystem, remotesFolder } from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import { type Manifest, parseManifest } from "../content/manifest.ts";
import { verifiedFileSystem } from "../content/verified-file-system.ts";
import { withoutPassword } from "../git/run-git.ts";
import type { LockedRelease } from "../lock/lock.ts";
import { lockFileName, readLock } from "../lock/lock-file.ts";
import { adviseToLock } from "../lock/locked-remotes.ts";
import { openRelease } from "../release/open-release.ts";
import type { Release } from "../release/release.ts";
import { restoreFolder } from "./replace-folder.ts";

/** The list of all files of a vendored folder, as `sha256sum --check` reads it. */
export const vendoredFileList = "files.sha256";
/** The folder in it that holds what the release refers to. */
export const vendoredRemotes = "remotes";

/** The lock of a vendored folder; undefined when the folder is none. */
export function readVendored(folder: string): (LockedRelease & { readonly files: string }) | undefined {
  const [entry] = readLock(join(folder, lockFileName));
  if (!entry || !("git" in entry) || entry.files === undefined) return undefined;
  return { ...entry, files: entry.files };
}

/** The list of files of a vendored folder. Throws `release/changed` when it is not the one that was vendored. */
export function readVendoredFiles(folder: string, entry: { readonly files: string }): Manifest {
  const list = join(folder, vendoredFileList);
  const manifest = parseManifest(existsSync(list) ? readFileSync(list, "utf8") : "");
  if (manifest.digest === entry.files) return manifest;
  throw new ProblemError({
    code: "release/changed",
    message: `${list} has changed: vendored as ${entry.files}, found ${manifest.digest}`,
    next: vendorAgain,
  });
}

/** What to do when a vendored folder is not as it was vendored. */
export const vendorAgain =
  "take it from version control, or vendor the release again (slipway vendor); changes belong into an overlay";

/**
 * Opens a vendored folder. Needs neither network nor git; every file is compared with the folder's list as it
 * is read. `expected` is what a project's lock says of it. Throws `release/not-vendored`, `release/changed`.
 */
export function openVendored(folder: string, expected?: LockedRelease): Release {
  restoreFolder(folder);
  const entry = readVendored(folder);
  if (!entry) {
    throw new ProblemError({
      code: "release/not-vendored",
      message: `${folder} is to hold the vendored release and does not`,
      next: "slipway vendor brings it there",
    });
  }
  if (expected && expected.commit !== entry.commit) {
    throw new ProblemError({
      code: "release/changed",
      message: `${folder} is not the release that was locked: locked as commit ${expected.commit}, vendored is commit ${entry.commit} of ${withoutPassword(entry.git)}`,
      next: vendorAgain,
    });
  }
  const manifest = readVendoredFiles(folder, entry);
  const release = openRelease(folder, { name: entry.ref });
  const remotes = join(folder, vendoredRemotes);
  return {
    ...release,
    remotes: { ...remotesFolder(remotes), advise: adviseToLock },
    mounts: [{ place: remotes, name: "" }],
    fileSystem: verifiedFileSystem(diskFileSystem, [
      {
        root: realpathSync(folder),
        digestOf: (path) => manifest.files.get(path),
        next: vendorAgain,
      },
    ]),
  };
}
