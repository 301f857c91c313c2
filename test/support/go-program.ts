// Programs that Go builds from its module proxy, for comparing with the real thing.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What to build: `go install PACKAGE@VERSION` makes a binary named `name`. */
export interface GoProgram {
  readonly name: string;
  readonly package: string;
  readonly version: string;
}

/** The path of a program that was built before; undefined when it was not. */
export function builtGoProgram(program: GoProgram): string | undefined {
  const binary = join(cacheOf(program), program.version);
  return existsSync(binary) ? binary : undefined;
}

function cacheOf(program: GoProgram): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "slipway", program.name);
}

/**
 * The path of a program built with Go and kept in the user's cache folder.
 * @throws when Go is missing or the build fails, with Go's own output
 */
export function goProgram(program: GoProgram, log: (line: string) => void = () => {}): string {
  const cache = cacheOf(program);
  const binary = join(cache, program.version);
  if (existsSync(binary)) return binary;
  log(`building ${program.name} ${program.version} with Go (half a minute or more with empty Go caches)`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "build-"));
  try {
    const install = spawnSync("go", ["install", `${program.package}@${program.version}`], {
      cwd: folder,
      env: { ...process.env, GOBIN: folder },
      encoding: "utf8",
    });
    if (install.status !== 0) {
      const reason = install.error?.message ?? install.stderr;
      throw new Error(`go install of ${program.name} failed: ${reason}`, { cause: install.error });
    }
    renameSync(join(folder, program.name), binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return binary;
}
