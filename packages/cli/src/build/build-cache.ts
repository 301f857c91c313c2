// Finished builds on disk, each with the questions that its input must still answer as it did.
import { createHash, randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import type { Answers } from "@slipway/kustomize";
import type { PrintedBuild } from "./printed-build.ts";

/** A finished build and what it depends on. */
export interface CachedBuild {
  readonly build: PrintedBuild;
  readonly answers: Answers;
}

/** Builds by key. Whatever goes wrong with it, a full disk for instance, is as if nothing were there. */
export interface BuildCache {
  load(key: string): CachedBuild | undefined;
  save(key: string, entry: CachedBuild): void;
}

const maxBytes = 256 * 1024 * 1024;
/** What a process that was killed has left is taken away after this long, in milliseconds. */
const abandonedMs = 60 * 60 * 1000;

/**
 * A cache in a folder, made when first needed; only its user may read it. An entry is written beside its place and
 * renamed, so that it is there whole or not at all, and carries a digest of itself, so that a damaged one is not
 * there either. Past `limit` bytes the entries that were used longest ago go.
 */
export function openBuildCache(folder: string, limit = maxBytes): BuildCache {
  return {
    load: (key) => attempt(() => parseEntry(readFileSync(touched(join(folder, key))))),
    save: (key, entry) => {
      attempt(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const making = join(folder, `.${key}.${randomBytes(6).toString("hex")}`);
        try {
          for (const part of printEntry(entry)) appendFileSync(making, part, { mode: 0o600 });
          renameSync(making, join(folder, key));
        } catch (error) {
          rmSync(making, { force: true });
          throw error;
        }
        trim(folder, limit);
      });
    },
  };
}

/** A digest on the first line; what the build depends on and its warnings on the second; the build as printed. */
function printEntry({ build, answers }: CachedBuild): Uint8Array[] {
  const head = JSON.stringify({ answers: [...answers], warnings: build.warnings });
  const body = [Buffer.from(`${head}\n`), build.bytes];
  return [Buffer.from(`${digest(...body)}\n`), ...body];
}

function parseEntry(bytes: Buffer): CachedBuild | undefined {
  const first = bytes.indexOf("\n");
  const body = bytes.subarray(first + 1);
  if (first < 0 || bytes.toString("latin1", 0, first) !== digest(body)) return undefined;
  const second = body.indexOf("\n");
  const { answers, warnings } = JSON.parse(body.toString("utf8", 0, second)) as {
    answers: [string, string][];
    warnings: string[];
  };
  return { answers: new Map(answers), build: { bytes: body.subarray(second + 1), warnings } };
}

function digest(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Notes that an entry was used. */
function touched(path: string): string {
  const now = new Date();
  attempt(() => utimesSync(path, now, now));
  return path;
}

function trim(folder: string, limit: number): void {
  const entries = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? [{ path, isWhole: !name.startsWith("."), bytes: stat.size, used: stat.mtimeMs }] : [];
  });
  let total = 0;
  for (const { path, isWhole, bytes, used } of entries.sort((left, right) => right.used - left.used)) {
    if (isWhole) total += bytes;
    const isAbandoned = !isWhole && Date.now() - used > abandonedMs;
    if (isAbandoned || (isWhole && total > limit)) rmSync(path, { force: true });
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
