// Copies a locked release, and what it refers to, into a folder of the user's own.
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseRemoteDirectory, rawFilePath, repositoryPath } from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import { makeBeside } from "../content/make-beside.ts";
import { type Manifest, makeManifest } from "../content/manifest.ts";
import { acquireTree, type Supply } from "../lock/acquire.ts";
import type { LockedRelease } from "../lock/lock.ts";
import { lockFileName, printLock } from "../lock/lock-file.ts";
import { type LocalRemote, lockedRemotes } from "../lock/locked-remotes.ts";
import { acquireRemotes } from "../lock/open-locked.ts";
import { surveyRelease } from "../lock/survey.ts";
import { openRelease } from "../release/open-release.ts";
import { compareVersions, parseVersion } from "../release/version.ts";
import { compareVendored, type VendoredChanges } from "./compare-vendored.ts";
import { readVendored, readVendoredFiles, vendoredFileList, vendoredRemotes } from "./open-vendored.ts";
import { replaceFolder, restoreFolder } from "./replace-folder.ts";

/** What was vendored. */
export interface Vendored {
  readonly folder: string;
  readonly files: number;
  /** False when the folder was there already, to the byte. */
  readonly written: boolean;
  /** The release that was vendored last before, in the same parent folder, and what is different from it. */
  readonly since?: { readonly ref: string; readonly folder: string; readonly changes: VendoredChanges };
}

/** Names that the folder has for its own files. */
const ownNames = [lockFileName, vendoredFileList, vendoredRemotes];

/**
 * Writes a locked release to `folder`: the files that building it reads, or `all` of them, its remote references
 * below `remotes`, its lock and the list of its files. Nothing is rewritten in them. The folder is put together
 * beside its place and renamed. Throws what fetching throws, `release/changed`, `release/file-name`.
 */
export async function vendorRelease(
  entry: LockedRelease,
  folder: string,
  options: { readonly supply: Supply; readonly all: boolean },
): Promise<Vendored> {
  const { supply, all } = options;
  const tree = await acquireTree(entry, supply);
  const locals = await acquireRemotes(entry.remotes, supply);
  const release = openRelease(tree.root, { name: entry.ref });
  const { read } = surveyRelease(release, lockedRemotes(locals));
  const isWanted = (path: string) => all || read.has(path);
  restoreFolder(folder);
  if (existsSync(folder) && readdirSync(folder).length > 0 && !readVendored(folder)) throw foreign(folder);
  const before = findLatest(dirname(folder));
  const making = makeBeside(dirname(folder));
  try {
    copyTree(tree.root, making, (path, name) => isWanted(path) || /^(?:LICENSE|NOTICE)[^/]*$/.test(name));
    for (const name of readdirSync(making)) if (ownNames.includes(name)) throw taken(name, entry);
    for (const local of locals) copyRemote(local, join(making, vendoredRemotes), isWanted);
    const manifest = makeManifest(making);
    writeFileSync(join(making, vendoredFileList), manifest.text);
    const { git, ref, commit, tree: digest, remotes } = entry;
    const own = { git, ref, commit, tree: digest, files: manifest.digest, remotes };
    writeFileSync(join(making, lockFileName), printLock([own]));
    let written = true;
    await replaceFolder(making, folder, () => {
      if (!isSame(folder, own, manifest)) return false;
      written = false;
      return true;
    });
    const since = before && { ...before, changes: compareVendored(before.manifest, manifest) };
    return {
      folder,
      files: manifest.files.size,
      written,
      ...(since ? { since: { ref: since.ref, folder: since.folder, changes: since.changes } } : {}),
    };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** The newest release that lies vendored in a folder. */
export function findLatest(
  parent: string,
): { readonly ref: string; readonly folder: string; readonly manifest: Manifest } | undefined {
  if (!existsSync(parent)) return undefined;
  const found = readdirSync(parent).flatMap((name) => {
    const folder = join(parent, name);
    const entry = name.startsWith(".") ? undefined : readVendored(folder);
    const version = entry && parseVersion(entry.ref);
    return version ? [{ version, folder, entry }] : [];
  });
  const latest = found.sort((a, b) => compareVersions(b.version, a.version))[0];
  if (!latest?.entry) return undefined;
  const { folder, entry } = latest;
  return { ref: entry.ref, folder, manifest: readVendoredFiles(folder, entry) };
}

/** Copies the files that are wanted, and the links, which cost nothing. */
function copyTree(from: string, to: string, isWanted: (path: string, name: string) => boolean): void {
  const root = realpathSync(from);
  const visit = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isSymbolicLink() || isWanted(path, relative(root, path)))
        copy(path, join(to, relative(root, path)));
    }
  };
  visit(root);
}

function copyRemote(local: LocalRemote, to: string, isWanted: (path: string) => boolean): void {
  if ("path" in local) {
    copy(realpathSync(local.path), join(to, rawFilePath(local.locked.file)));
    return;
  }
  const remote = parseRemoteDirectory(`${local.locked.git}//?ref=${local.locked.ref}`);
  copyTree(local.tree.root, join(to, remote ? repositoryPath(remote) : basename(local.locked.git)), isWanted);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { verbatimSymlinks: true });
}

/** Whether a folder holds these very files, none of them changed since. */
function isSame(folder: string, own: LockedRelease, manifest: Manifest): boolean {
  const there = readVendored(folder);
  if (!there || there.commit !== own.commit || there.files !== own.files) return false;
  return makeManifest(folder, [lockFileName, vendoredFileList]).digest === manifest.digest;
}

function taken(name: string, { git, ref }: LockedRelease): ProblemError {
  return new ProblemError({
    code: "release/file-name",
    message: `${git} ${ref} has a ${name} of its own, which a vendored folder needs for itself`,
    next: "vendor without --all, or build it from the cache",
  });
}

function foreign(folder: string): ProblemError {
  return new ProblemError({
    code: "release/not-vendored-folder",
    message: `${folder} holds something else than a vendored release`,
    next: "name another folder: --directory",
  });
}
