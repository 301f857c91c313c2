import { resolve } from "node:path";
import { ProblemError } from "@slipway/yaml";
import type { ReleaseChoice } from "../release/choose-release.ts";
import { readVendored } from "../vendor/open-vendored.ts";
import { describeChanges, type LockChange } from "./describe-changes.ts";
import { keyOf, type LockEntry } from "./lock.ts";
import { readLock, updateLock, withEntry } from "./lock-file.ts";
import { type LockSource, lockRelease } from "./lock-release.ts";

/** What locking came to. */
export interface LockOutcome {
  /** The slipway.lock, absolute. */
  readonly file: string;
  readonly entry: LockEntry;
  /** What is different from what was locked before. */
  readonly changes: readonly LockChange[];
}

/** How to lock. */
export interface LockOptions {
  /** Accept what has moved or changed since it was locked. */
  readonly update?: boolean;
  /** Write nothing. */
  readonly check?: boolean;
  /** Take out the entries of other releases. */
  readonly prune?: boolean;
}

/**
 * Locks the release that was chosen, and writes it into its slipway.lock. Throws what {@link lockRelease} throws,
 * and `release/nothing-to-lock` for what needs no lock.
 */
export async function lockChoice(choice: ReleaseChoice, options: LockOptions = {}): Promise<LockOutcome> {
  const { lock: file, supply } = choice;
  const source = lockSource(choice);
  const key = source.type === "git" ? `${source.git}#${source.ref}` : source.path;
  const before = readLock(file).find((entry) => keyOf(entry) === key);
  const { entry } = await lockRelease(source, before, { supply, update: options.update ?? false });
  if (!options.check) {
    await updateLock(file, (entries) => {
      const fresh = keepVendored(entries, entry);
      return options.prune ? [fresh] : withEntry(entries, fresh);
    });
  }
  return { file, entry, changes: describeChanges(before, entry) };
}

/** A copy that a run at the same time has vendored of the same commit stays known. */
function keepVendored(entries: readonly LockEntry[], entry: LockEntry): LockEntry {
  const now = entries.find((other) => keyOf(other) === keyOf(entry));
  if (!now || !("git" in now) || !("git" in entry) || now.commit !== entry.commit) return entry;
  const { remotes, ...rest } = entry;
  return { ...rest, ...(now.vendored === undefined ? {} : { vendored: now.vendored }), remotes };
}

function lockSource({ source, directory }: ReleaseChoice): LockSource {
  if (source.type === "git") return source;
  if (source.type === "starter") {
    throw nothingToLock(
      "the starter platform refers to nothing outside of itself",
      "name a release: --release 26.03",
    );
  }
  const folder = resolve(directory, source.path);
  if (readVendored(folder)) {
    throw nothingToLock(
      `${source.path} is vendored: it has its own lock`,
      "slipway vendor brings another release",
    );
  }
  return { ...source, folder };
}

function nothingToLock(message: string, next: string): ProblemError {
  return new ProblemError({ code: "release/nothing-to-lock", message, next });
}
