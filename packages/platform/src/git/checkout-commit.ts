import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "@slipway/yaml";
import { type Repository, type ResolvedRef, refuseBadRef } from "./remote-refs.ts";
import { runGit, withoutPassword } from "./run-git.ts";

/** What to check out. */
export interface Checkout {
  readonly repository: Repository;
  readonly ref: string;
  readonly resolved: ResolvedRef;
  /** Only these folders of the root; all of it when there are none. */
  readonly paths?: readonly string[];
}

/**
 * Writes the files of one commit into an empty folder; nothing of git's own is left. Fetches that commit alone,
 * and of a server that can do it only the files that are wanted. Throws what {@link runGit} throws, and
 * `release/bad-ref`.
 */
export async function checkoutCommit(checkout: Checkout, folder: string): Promise<void> {
  const { ref, resolved, paths = [] } = checkout;
  refuseBadRef(ref);
  // Beside the folder, so that who removes what a killed run has left removes it too.
  const directory = `${folder}.git`;
  const run = (...args: string[]) =>
    runGit([`--git-dir=${directory}`, `--work-tree=${folder}`, ...args], taskOf(checkout));
  try {
    await run("init", "--quiet");
    appendFileSync(join(directory, "config"), configOf(checkout));
    await fetchCommit(run, checkout);
    if (paths.length > 0) {
      mkdirSync(join(directory, "info"), { recursive: true });
      writeFileSync(join(directory, "info/sparse-checkout"), paths.map(sparsePattern).join(""));
    }
    await run("checkout", "--quiet", "--detach", resolved.commit);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Written to the file rather than given as flags: other users of the machine see those. */
function configOf({ repository, paths = [] }: Checkout): string {
  const address = repository.address.replace(/["\\]/g, "\\$&");
  const sparse = paths.length > 0 ? "[core]\n\tsparseCheckout = true\n" : "";
  return `[remote "origin"]\n\turl = "${address}"\n${sparse}`;
}

/**
 * Some servers refuse to give a commit by its id, and plain web servers can give no part of a history: then the
 * ref is fetched, which must still lead to the commit, and then all that lies behind it.
 */
async function fetchCommit(
  run: (...args: string[]) => Promise<string>,
  { ref, resolved, paths = [] }: Checkout,
): Promise<void> {
  const part = ["--depth=1", ...(paths.length > 0 ? ["--filter=blob:none"] : [])];
  const attempts = [[...part, "origin", resolved.commit]];
  if (resolved.kind !== "commit") {
    const name = ref === "" ? "HEAD" : `${resolved.kind === "tag" ? "refs/tags/" : "refs/heads/"}${ref}`;
    attempts.push([...part, "origin", name], ["origin", name]);
  }
  let first: unknown;
  for (const attempt of attempts) {
    try {
      await run("fetch", "--quiet", "--no-tags", ...attempt);
      return;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== "release/fetch-failed") throw error;
      first ??= error;
    }
  }
  throw first;
}

function taskOf({ repository, ref, resolved }: Checkout): string {
  const what =
    resolved.kind === "commit" ? resolved.commit : `${ref || "the default branch"} (${resolved.commit})`;
  return `fetch ${what} of ${withoutPassword(repository.git)}`;
}

function sparsePattern(path: string): string {
  return `/${path.replace(/[*?[\\]/g, "\\$&")}/\n`;
}
