// References to other repositories.

/** A directory in a git repository. */
export interface RemoteDirectory {
  readonly host: string;
  /** Owner and repository, as in the address. */
  readonly repository: string;
  /** The directory below the repository's root; "" for the root. */
  readonly path: string;
  /** Branch, tag or commit; "" for the default branch. */
  readonly ref: string;
  /** What git clones: by https, or by ssh where the reference says so. */
  readonly address: string;
}

const hosts =
  /^(?:git::)?(?:(?:https?|ssh):\/\/)?(?:[^@/]+@)?(github\.com|gitlab\.com|bitbucket\.org)[/:](.*)$/i;
const genericGit = /^(?:git::)?(?:https?|ssh):\/\/(?:[^@/]+@)?([^/]+)\/(.*)$/i;

/** True for what can only be an address, never a path. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/**
 * Reads a reference to a directory of a git repository, in the spellings that kustomize knows
 * (`https://github.com/owner/repo/path?ref=v1`, `//` before the path, `git@host:owner/repo.git`). Undefined
 * when the text is none.
 */
export function parseRemoteDirectory(text: string): RemoteDirectory | undefined {
  const [address = "", query = ""] = text.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const ref = parameters.get("ref") ?? parameters.get("version") ?? "";
  const match = hosts.exec(address) ?? (isGitAddress(address) ? genericGit.exec(address) : null);
  if (!match) return undefined;
  const host = (match[1] as string).toLowerCase();
  const rest = match[2] as string;
  const cut = splitRepository(rest);
  if (!cut) return undefined;
  const { repository } = cut;
  return {
    host,
    repository,
    path: cut.path.replace(/^\/+|\/+$/g, ""),
    ref,
    address: /^(?:git::)?(?:ssh:\/\/|[^@/:]+@)/.test(address)
      ? `ssh://${userOf(address)}${host}/${repository}`
      : `https://${host}/${repository}`,
  };
}

function userOf(address: string): string {
  const user = /^(?:git::)?(?:ssh:\/\/)?([^@/:]+)(?::[^@/]*)?@/.exec(address)?.[1];
  return user === undefined ? "" : `${user}@`;
}

function isGitAddress(address: string): boolean {
  return /\.git(\/|$)/.test(address) || address.startsWith("git::") || /[^:]\/\//.test(address);
}

function splitRepository(rest: string): { repository: string; path: string } | undefined {
  const separator = rest.indexOf("//");
  if (separator > 0) {
    return { repository: rest.slice(0, separator).replace(/\.git$/, ""), path: rest.slice(separator + 2) };
  }
  const git = /^(.+?)\.git(?:\/(.*))?$/.exec(rest);
  if (git) return { repository: git[1] as string, path: git[2] ?? "" };
  const [owner, name, ...path] = rest.split("/");
  if (!owner || !name) return undefined;
  return { repository: `${owner}/${name}`, path: path.join("/") };
}
