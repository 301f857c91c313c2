// Maps references to the copies that a lock names.
import { realpathSync } from "node:fs";
import {
  isUrl,
  parseRemoteDirectory,
  type Remotes,
  rawFilePath,
  remotesFolder,
  repositoryPath,
} from "@slipway/kustomize";
import type { CachedTree } from "../content/cache.ts";
import type { VerifiedPlace } from "../content/verified-file-system.ts";
import type { Mount } from "../release/release.ts";
import type { LockedFile, LockedRepository } from "./lock.ts";

/** A locked reference and its copy on this machine. */
export type LocalRemote =
  | { readonly locked: LockedRepository; readonly tree: CachedTree }
  | { readonly locked: LockedFile; readonly path: string };

/** What a reference without a copy would be called in a lock. */
export type Reference =
  | { readonly git: string; readonly ref: string; readonly path: string }
  | { readonly file: string };

/**
 * Reads a reference as kustomizations write it. A URL without a ref whose last name has an extension is a raw
 * file (`…/releases/download/v1/manifests.yaml`), everything else a folder of a repository.
 */
export function readReference(text: string): Reference {
  const remote = parseRemoteDirectory(text);
  const hasRef = remote !== undefined && (remote.ref !== "" || /\.git(?:\/|$)|[^:]\/\//.test(text));
  const looksLikeFile = isUrl(text) && /\.[a-z]+$/i.test(text.replace(/[?#].*$/, ""));
  if (!remote || (looksLikeFile && !hasRef)) return { file: text };
  return { git: remote.address, ref: remote.ref, path: remote.path };
}

/** The copies of locked references, for a build. */
export function lockedRemotes(locals: readonly LocalRemote[]): Remotes {
  const trees = new Map<string, string>();
  const files = new Map<string, string>();
  for (const local of locals) {
    if ("path" in local) files.set(local.locked.file, local.path);
    else trees.set(`${local.locked.git}#${local.locked.ref}`, local.tree.root);
  }
  return {
    repository: ({ address, ref }) => trees.get(`${address}#${ref}`),
    file: (url) => files.get(url),
    advise: adviseToLock,
  };
}

/** Says which entry of a lock would have made a reference no matter of the network. */
export function adviseToLock(reference: string): string {
  const found = readReference(reference);
  const entry =
    "file" in found ? `file: ${found.file}` : `git: ${found.git}, ref: ${found.ref || "(default branch)"}`;
  return `lock it, so that its copy is known: slipway release lock writes the entry "${entry}"; ${adviseToCopy(reference)}`;
}

/** Says where a copy would have to lie. */
export function adviseToCopy(reference: string): string {
  const place = remotesFolder("FOLDER")
    .advise?.(reference)
    .replace(/^Put a copy at |\.$/g, "");
  return `or put a copy at ${place} and name that folder: --remotes FOLDER`;
}

/** What a build must find in the copies, and what the files in them are called. */
export function verifiedRemote(local: LocalRemote): VerifiedPlace & { readonly mount: Mount } {
  if ("path" in local) {
    const place = realpathSync(local.path);
    return {
      root: place,
      digestOf: (path) => (path === "" ? local.locked.digest.replace("sha256:", "") : undefined),
      next: `delete ${local.path}; it is fetched again then`,
      mount: { place, name: rawFilePath(local.locked.file) },
    };
  }
  const remote = parseRemoteDirectory(`${local.locked.git}//?ref=${local.locked.ref}`);
  return verifiedTree(local.tree, remote ? repositoryPath(remote) : local.locked.git);
}

/** The same for a tree in the cache. */
export function verifiedTree(tree: CachedTree, name: string): VerifiedPlace & { readonly mount: Mount } {
  const place = realpathSync(tree.root);
  return {
    root: place,
    digestOf: (path) => tree.manifest.files.get(path),
    next: `delete ${tree.root}; it is fetched again then`,
    mount: { place, name },
  };
}
