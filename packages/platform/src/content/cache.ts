// Content that was fetched, by digest, shared between projects. What has its name is whole: it is put together
// beside its place and renamed. Nothing is ever changed in it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeBeside } from "./make-beside.ts";
import { type Manifest, makeManifest, parseManifest, sha256 } from "./manifest.ts";

/** A tree of files in the cache. */
export interface CachedTree {
  /** The folder of its files. */
  readonly root: string;
  readonly manifest: Manifest;
}

/** The tree with a digest (`sha256:…`), if the cache has it. */
export function findTree(cache: string, digest: string): CachedTree | undefined {
  const folder = treeFolder(cache, digest);
  const list = join(folder, "files.sha256");
  if (!existsSync(list)) return undefined;
  const manifest = parseManifest(readFileSync(list, "utf8"));
  return manifest.digest === digest ? { root: join(folder, "files"), manifest } : undefined;
}

/** Adds a tree that `make` writes into an empty folder. Two runs at once that add the same are no trouble. */
export async function addTree(cache: string, make: (folder: string) => Promise<void>): Promise<CachedTree> {
  const making = makeBeside(join(cache, "trees"));
  try {
    mkdirSync(join(making, "files"));
    await make(join(making, "files"));
    const manifest = makeManifest(join(making, "files"));
    writeFileSync(join(making, "files.sha256"), manifest.text);
    const folder = treeFolder(cache, manifest.digest);
    // Another run may have added it meanwhile; a list of files that is not its own is damage and is replaced.
    if (!findTree(cache, manifest.digest)) {
      rmSync(folder, { recursive: true, force: true });
      publish(making, folder);
    }
    return { root: join(folder, "files"), manifest };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** A file with a digest (`sha256:…`), if the cache has it. */
export function findFile(cache: string, digest: string): string | undefined {
  const path = filePath(cache, digest);
  return existsSync(path) ? path : undefined;
}

/** Adds a file that `make` writes to a path; gives where it lies and its digest. */
export async function addFile(
  cache: string,
  make: (path: string) => Promise<void>,
): Promise<{ readonly path: string; readonly digest: string }> {
  const making = makeBeside(join(cache, "files"));
  try {
    await make(join(making, "file"));
    const digest = `sha256:${sha256(readFileSync(join(making, "file")))}`;
    renameSync(join(making, "file"), filePath(cache, digest));
    return { path: filePath(cache, digest), digest };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function publish(making: string, folder: string): void {
  try {
    renameSync(making, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

function treeFolder(cache: string, digest: string): string {
  return join(cache, "trees", digest.replace(":", "-"));
}

function filePath(cache: string, digest: string): string {
  return join(cache, "files", digest.replace(":", "-"));
}
