// Reads and writes slipway.lock.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  type Json,
  type JsonObject,
  jsonToNode,
  ProblemError,
  printInOrder,
  readYamlDocument,
} from "@slipway/yaml";
import { exclusively } from "../content/exclusively.ts";
import { keyOf, type Lock, type LockEntry, lockSchema } from "./lock.ts";

/** The file's name; it lies beside slipway.yaml. */
export const lockFileName = "slipway.lock";

const head = "# Written by `slipway release lock` and `slipway vendor`. Keep it under version control.\n";

/** The entries of a lock, none when there is no file. Throws `lock/invalid` or `yaml/…` with the place. */
export function readLock(file: string): readonly LockEntry[] {
  if (!existsSync(file)) return [];
  const document = readYamlDocument(readFileSync(file, "utf8"), { file });
  const result = lockSchema.safeParse(document.value);
  if (result.success) return result.data.releases;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((step) => (typeof step === "number" ? step : String(step)));
  throw new ProblemError({
    code: "lock/invalid",
    message: `${path.join(".") || "the lock"} is not as a lock has it: ${issue?.message ?? "unknown"}`,
    position: document.position(path),
    sourceLine: document.sourceLine(path),
    next: "take it from version control, or delete it and write it anew: slipway release lock",
  });
}

/**
 * Changes a lock's entries; what other runs have written meanwhile is kept, and the file is never half written.
 */
export async function updateLock(
  file: string,
  change: (entries: readonly LockEntry[]) => readonly LockEntry[],
): Promise<void> {
  await exclusively(join(dirname(file), `.${basename(file)}.claim`), () => {
    const text = printLock(change(readLock(file)));
    if (existsSync(file) && readFileSync(file, "utf8") === text) return;
    const making = `${file}.${process.pid}`;
    try {
      writeFileSync(making, text);
      renameSync(making, file);
    } finally {
      rmSync(making, { force: true });
    }
  });
}

/** The entries with one put in the place of the one that stands for the same, or at the end. */
export function withEntry(entries: readonly LockEntry[], entry: LockEntry): readonly LockEntry[] {
  const at = entries.findIndex((other) => keyOf(other) === keyOf(entry));
  return at < 0 ? [...entries, entry] : entries.with(at, entry);
}

/** The text of a lock with these entries. */
export function printLock(releases: readonly LockEntry[]): string {
  const lock: Lock = { apiVersion: "slipway.dev/v1alpha1", kind: "Lock", releases: [...releases] };
  return head + printInOrder(jsonToNode(withoutUndefined(lock)));
}

function withoutUndefined(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as Record<string, Json> as JsonObject;
}
