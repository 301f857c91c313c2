// What any kustomization may refer to where a lock is at hand: what the lock names and this machine has.
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  diskFileSystem,
  type Reads,
  type RemoteDirectory,
  type Remotes,
  remotesFolder,
} from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import { findFile, findTree } from "../content/cache.ts";
import { type VerifiedPlace, verifiedFileSystem } from "../content/verified-file-system.ts";
import { readVendored, readVendoredFiles, vendorAgain, vendoredRemotes } from "../vendor/open-vendored.ts";
import { keyOf, type LockEntry, type LockedRemote } from "./lock.ts";
import { readLock } from "./lock-file.ts";
import {
  adviseToCopy,
  adviseToLock,
  type LocalRemote,
  lockedRemotes,
  readReference,
  verifiedRemote,
} from "./locked-remotes.ts";

/** Copies of some of what is locked, and what must be found in them. */
interface Shelf {
  readonly remotes: Pick<Remotes, "repository" | "file">;
  readonly places: readonly VerifiedPlace[];
}

/**
 * The disk, and copies of all that a lock names, from vendored folders and from the cache; what is read of copies is
 * compared with its digest. Fetches nothing. Throws `lock/not-found`, `lock/invalid`, and `release/changed` for a
 * vendored folder whose list of files is another.
 */
export function readsOfLock(lock: string, cache: string): Reads {
  if (!existsSync(lock)) throw new ProblemError({ code: "lock/not-found", message: `there is no ${lock}` });
  const entries = readLock(lock);
  const shelves = entries.flatMap((entry) => [
    ...vendoredShelf(entry, dirname(lock)),
    cachedShelf(entry, cache),
  ]);
  const places = shelves.flatMap((shelf) => shelf.places);
  return {
    fileSystem: verifiedFileSystem(diskFileSystem, places, "read"),
    remotes: {
      repository: (remote) => {
        const copies = shelves.flatMap(({ remotes }) => present(remotes.repository(remote)));
        // Two releases may need different folders of a repository.
        return copies.find((copy) => existsSync(join(copy, remote.path))) ?? copies[0];
      },
      file: (url) => shelves.flatMap(({ remotes }) => present(remotes.file(url)))[0],
      advise: (reference) => advise(reference, entries, relative(process.cwd(), lock)),
    },
  };
}

function present(path: string | undefined): string[] {
  return path !== undefined && existsSync(path) ? [path] : [];
}

function vendoredShelf(entry: LockEntry, directory: string): Shelf[] {
  if (!("git" in entry) || entry.vendored === undefined) return [];
  const folder = join(directory, entry.vendored);
  const vendored = readVendored(folder);
  if (vendored?.commit !== entry.commit) return [];
  const manifest = readVendoredFiles(folder, vendored);
  const { repository, file } = remotesFolder(join(folder, vendoredRemotes));
  const isRelease = ({ address, ref }: RemoteDirectory) => address === entry.git && ref === entry.ref;
  const place: VerifiedPlace = {
    root: realpathSync(folder),
    digestOf: (path) => manifest.files.get(path),
    next: vendorAgain,
  };
  return [
    {
      remotes: { repository: (remote) => (isRelease(remote) ? folder : repository(remote)), file },
      places: [place],
    },
  ];
}

function cachedShelf(entry: LockEntry, cache: string): Shelf {
  const locals = [...("git" in entry ? [entry] : []), ...entry.remotes].flatMap((locked): LocalRemote[] => {
    if ("file" in locked) {
      const path = findFile(cache, locked.digest);
      return path === undefined ? [] : [{ locked, path }];
    }
    const tree = findTree(cache, locked.tree);
    return tree ? [{ locked, tree }] : [];
  });
  return { remotes: lockedRemotes(locals), places: locals.map(verifiedRemote) };
}

/** What the lock says of a reference that has no copy here, or that it should say. */
function advise(reference: string, entries: readonly LockEntry[], lock: string): string {
  const wanted = readReference(reference);
  const key = "file" in wanted ? wanted.file : `${wanted.git}#${wanted.ref}`;
  const found = entries
    .flatMap((entry): (LockEntry | LockedRemote)[] => [entry, ...entry.remotes])
    .find((each) => keyOf(each) === key);
  if (found === undefined) return adviseToLock(reference);
  const name = "file" in wanted ? `file: ${wanted.file}` : `git: ${wanted.git}, ref: ${wanted.ref}`;
  const paths = "paths" in found ? found.paths : undefined;
  const [top = ""] = "path" in wanted ? wanted.path.split("/") : [];
  if (paths && !paths.includes(top))
    return `${lock} has of it (${name}) only ${paths.join(", ")}; lock a release that needs more, ${adviseToCopy(reference)}`;
  return `${lock} has it (${name}), but neither the cache on this machine nor a vendored folder does: slipway release lock fetches what is locked`;
}
