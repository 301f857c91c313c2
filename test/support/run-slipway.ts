import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { repositoryRoot } from "./fixtures.ts";

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@link startSlipway}. */
export interface RunOptions {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A file descriptor that takes standard output instead of the result. */
  readonly stdout?: number;
  /** Called with all that standard error holds so far, whenever more comes. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
}

/** Runs the real command, without a terminal and without the user's own settings, until it ends. */
export function runSlipway(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repositoryRoot, "packages/cli/bin/slipway.js"), ...args], {
      cwd: options.directory ?? repositoryRoot,
      env: commandEnvironment(options.environment),
      stdio: ["ignore", options.stdout ?? "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, child);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The environment of a command: none of the user's own settings. */
export function commandEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: "/nonexistent", XDG_CACHE_HOME: "/dev/null/none", ...more };
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the starter platform, to be spoiled by a test. */
export function copyStarter(folder: string): string {
  const release = join(folder, "release");
  cpSync(join(repositoryRoot, "packages/platform/starter"), release, { recursive: true });
  return release;
}
