import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "@slipway/yaml";
import type { DeployEvent } from "./events.ts";

/** A run's events on disk, one JSON line each. */
export interface Journal {
  /** The file that is written. */
  readonly path: string;
  /**
   * Writes an event before it returns. The state `applying` comes before the write that it announces, so the
   * file holds the intent of every write. Throws a ProblemError when the disk is full or the file is gone.
   */
  record(event: DeployEvent): void;
  close(): void;
}

/** Where runs are kept below a project's folder. */
export const runsFolder = join(".slipway", "runs");

/**
 * Opens the journal of a run in `.slipway/runs` below `directory`. `write` is there for tests. Throws a
 * ProblemError when it cannot be created.
 */
export function createJournal(options: {
  readonly directory: string;
  readonly run: string;
  readonly write?: (file: number, text: string) => void;
}): Journal {
  const folder = join(options.directory, runsFolder);
  const path = join(folder, `${options.run}.jsonl`);
  const write = options.write ?? ((file, text) => writeSync(file, text));
  const file = attempt(path, () => {
    mkdirSync(folder, { recursive: true });
    return openSync(path, "wx");
  });
  let open = true;
  return {
    path,
    record(event) {
      if (open) attempt(path, () => write(file, `${JSON.stringify(event)}\n`));
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const full = code === "ENOSPC" || code === "EDQUOT";
    throw new ProblemError(
      {
        code: full ? "journal/disk-full" : "journal/not-writable",
        message: full
          ? `the disk is full: the journal ${path} cannot be written`
          : `the journal ${path} cannot be written (${code ?? String(cause)})`,
        next: full
          ? "free some space and run the same command again; it goes on where it stopped"
          : "run the command in a folder that you may write to",
      },
      { cause },
    );
  }
}
