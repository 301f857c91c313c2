import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** A copy of a release that refers to nothing outside of itself. */
export interface LocalRelease {
  readonly folder: string;
  remove(): void;
}

/**
 * Copies a release and what it refers to into a temporary folder and rewrites its references, so that a
 * kustomize that knows no map of remotes builds it without the network. The bytes that it builds are the same.
 */
export function copyWithRemotes(release: string, remotes: string): LocalRelease {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  cpSync(release, folder, { recursive: true });
  cpSync(remotes, join(folder, ".remotes"), { recursive: true });
  for (const file of globSync("**/kustomization.yaml", { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const local = text.replace(
      /^(\s*-\s*)https:\/\/(github\.com)\/([^/\s]+\/[^/\s]+)\/+([^?\s]+)(?:\?ref=(\S+))?$/gm,
      (_match, bullet: string, host: string, repository: string, inside: string, ref?: string) => {
        const target = join(folder, ".remotes", host, ref ? `${repository}@${ref}` : repository, inside);
        return `${bullet}${relative(dirname(path), target)}`;
      },
    );
    if (local !== text) writeFileSync(path, local);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
