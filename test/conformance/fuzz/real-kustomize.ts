// The kustomize that ours is compared with.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The release of kustomize whose output ours equals. */
export const kustomizeVersion = "v5.8.1";

/**
 * The path of real kustomize: KUSTOMIZE when it is given, else one built with Go (half a minute with empty Go
 * caches) and kept in the user's cache folder.
 * @throws when Go is missing or the build fails, with Go's own output
 */
export function realKustomize(log: (line: string) => void = () => {}): string {
  if (process.env.KUSTOMIZE) return process.env.KUSTOMIZE;
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "slipway", "kustomize");
  const binary = join(cache, kustomizeVersion);
  if (existsSync(binary)) return binary;
  log(`building kustomize ${kustomizeVersion} with Go (half a minute with empty Go caches)`);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "build-"));
  try {
    const install = spawnSync("go", ["install", `sigs.k8s.io/kustomize/kustomize/v5@${kustomizeVersion}`], {
      cwd: folder,
      env: { ...process.env, GOBIN: folder },
      encoding: "utf8",
    });
    if (install.status !== 0) {
      const reason = install.error?.message ?? install.stderr;
      throw new Error(`go install of kustomize failed: ${reason}`, { cause: install.error });
    }
    renameSync(join(folder, "kustomize"), binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return binary;
}
