import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ProblemError } from "@slipway/yaml";

/** Longer than any action takes that is done under a claim: one that is older was left behind by a killed run. */
const staleMs = 10_000;

/**
 * Runs a short, synchronous action while no other process runs one with the same claim, a file that is there
 * meanwhile. Throws `system/claimed` when another holds it for longer than any action takes.
 */
export async function exclusively<T>(claim: string, action: () => T): Promise<T> {
  mkdirSync(dirname(claim), { recursive: true });
  for (let attempt = 0; attempt < 600; attempt++) {
    if (take(claim)) {
      try {
        return action();
      } finally {
        rmSync(claim, { force: true });
      }
    }
    await pause(25);
  }
  throw new ProblemError({
    code: "system/claimed",
    message: `${claim} has been there for a long time: another run is writing`,
    next: "wait for it, or delete that file when there is none",
  });
}

function take(claim: string): boolean {
  try {
    closeSync(openSync(claim, "wx"));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const since = statSync(claim, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > staleMs) rmSync(claim, { force: true });
    return false;
  }
}
