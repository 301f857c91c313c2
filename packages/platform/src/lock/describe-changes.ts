import { withoutPassword } from "../git/run-git.ts";
import { keyOf, type LockEntry, type LockedRemote } from "./lock.ts";

/** One thing that a new lock has and the old one had not, or the other way round. */
export interface LockChange {
  readonly change: "added" | "removed" | "changed";
  /** `https://github.com/owner/repo v1`, the address of a file, or a folder. */
  readonly what: string;
  /** The commit or digest that was locked. */
  readonly before?: string;
  readonly after?: string;
}

/** What differs between two entries for the same release, the release itself first. */
export function describeChanges(before: LockEntry | undefined, after: LockEntry): readonly LockChange[] {
  const old = new Map((before ? [before, ...before.remotes] : []).map((each) => [keyOf(each), each]));
  const fresh = new Map([after, ...after.remotes].map((each) => [keyOf(each), each]));
  return [
    ...[...fresh].flatMap(([key, entry]) => compare(old.get(key), entry)),
    ...[...old].flatMap(([key, entry]) => (fresh.has(key) ? [] : compare(entry, undefined))),
  ];
}

function compare(
  before: LockEntry | LockedRemote | undefined,
  after: LockEntry | LockedRemote | undefined,
): readonly LockChange[] {
  const either = after ?? before;
  if (!either) return [];
  const sides = {
    ...(before === undefined ? {} : { before: digestOf(before) }),
    ...(after === undefined ? {} : { after: digestOf(after) }),
  };
  if (before && after) {
    const same = digestOf(before) === digestOf(after) && treeOf(before) === treeOf(after);
    return same ? [] : [{ change: "changed", what: nameOf(either), ...sides }];
  }
  return [{ change: after ? "added" : "removed", what: nameOf(either), ...sides }];
}

function nameOf(entry: LockEntry | LockedRemote): string {
  if ("file" in entry) return entry.file;
  return "git" in entry ? `${withoutPassword(entry.git)} ${entry.ref}` : entry.path;
}

function digestOf(entry: LockEntry | LockedRemote): string {
  if ("file" in entry) return entry.digest;
  return "git" in entry ? entry.commit : "";
}

function treeOf(entry: LockEntry | LockedRemote): string {
  return "tree" in entry ? entry.tree : "";
}
