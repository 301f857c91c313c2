import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { ProblemError } from "@slipway/yaml";

const execute = promisify(execFile);

/** Where fetched releases are kept: `SLIPWAY_CACHE`, else `slipway` in the user's cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SLIPWAY_CACHE) return environment.SLIPWAY_CACHE;
  const base = environment.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), ".cache"), "slipway");
}

/**
 * Fetches one ref of a git repository with the git program and gives the folder of its files. A ref that was
 * fetched before is not fetched again, so that the same ref is the same release until its folder is deleted.
 * Throws a ProblemError: `release/bad-ref`, `release/no-git`, `release/fetch-failed`.
 */
export async function fetchRelease(source: { git: string; ref: string; cache: string }): Promise<string> {
  const { git, ref, cache } = source;
  if (/^-|^\.+$/.test(ref) || git.startsWith("-")) {
    throw new ProblemError({
      code: "release/bad-ref",
      message: `${withoutPassword(git)} at ${ref} is no git reference`,
    });
  }
  const repository = createHash("sha256").update(git).digest("hex").slice(0, 16);
  const target = join(cache, "releases", repository, encodeURIComponent(ref));
  if (existsSync(target)) return target;
  mkdirSync(join(cache, "releases", repository), { recursive: true });
  // Made beside its final place and renamed, so that a broken fetch leaves nothing that looks whole.
  const making = mkdtempSync(`${target}.`);
  try {
    await run(making, ["init", "--quiet"], source);
    await run(making, ["fetch", "--quiet", "--depth", "1", git, ref], source);
    await run(making, ["checkout", "--quiet", "--detach", "FETCH_HEAD"], source);
    renameSync(making, target);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

async function run(
  folder: string,
  args: string[],
  { git, ref }: { git: string; ref: string },
): Promise<void> {
  try {
    await execute("git", ["-C", folder, ...args], {
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
    });
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") {
      throw new ProblemError(
        {
          code: "release/no-git",
          message: `the git program is needed to fetch ${withoutPassword(git)}, and there is none`,
          next: "install git, or get the release's files another way and name their folder: path",
        },
        { cause: error },
      );
    }
    const said = (stderr ?? "")
      .trim()
      .split("\n")
      .findLast((line) => line !== "");
    throw new ProblemError({
      code: "release/fetch-failed",
      message: `can't fetch ${ref} of ${withoutPassword(git)}${said ? `: ${withoutPassword(said)}` : ""}`,
      next: "check the address, the ref and the network, or get the release's files another way and name their folder: path",
    });
  }
}

/** An address may carry a user's password or token. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, "//");
}
