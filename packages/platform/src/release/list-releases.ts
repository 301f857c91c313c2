import { listTags, type Repository } from "../git/remote-refs.ts";
import { compareVersions, parseVersion, type Version } from "./version.ts";

/** A release that a repository has a tag of. */
export interface ListedRelease {
  readonly version: string;
  readonly commit: string;
  readonly stable: boolean;
}

/**
 * The releases of a repository, newest first; candidates only when asked for. Throws what asking the remote
 * throws.
 */
export async function listReleases(
  repository: Repository,
  options: { readonly candidates?: boolean } = {},
): Promise<ListedRelease[]> {
  const found: { readonly version: Version; readonly commit: string }[] = [];
  for (const { name, commit } of await listTags(repository)) {
    const version = parseVersion(name);
    if (version && (options.candidates || version.candidate === null)) found.push({ version, commit });
  }
  found.sort((a, b) => compareVersions(b.version, a.version));
  return found.map(({ version, commit }) => ({
    version: version.name,
    commit,
    stable: version.candidate === null,
  }));
}
