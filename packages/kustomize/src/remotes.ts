// Where a build finds what kustomizations refer to elsewhere.
import { joinPaths } from "./posix-path.ts";
import { isUrl, parseRemoteDirectory, type RemoteDirectory } from "./remote-reference.ts";

/** Copies of remote references. A build asks for them and reads them; it fetches nothing. */
export interface Remotes {
  /** The folder with the files of a repository at a ref; undefined when there is no copy. */
  repository(remote: RemoteDirectory): string | undefined;
  /** The copy of a raw file; undefined when there is none. */
  file(url: string): string | undefined;
  /** What to do about a reference that has no copy, as a sentence for the error. */
  advise?(reference: string): string;
}

/**
 * A folder that stands for the network: `HOST/OWNER/REPO@REF` holds the files of a repository at a ref, a raw
 * file lies under its address without scheme and query.
 */
export function remotesFolder(folder: string): Remotes {
  const root = folder.replace(/\/+$/, "");
  return {
    repository: (remote) => joinPaths(root, repositoryPath(remote)),
    file: (url) => joinPaths(root, rawFilePath(url)),
    advise: (reference) => {
      const remote = parseRemoteDirectory(reference);
      const path =
        remote && !(isUrl(reference) && remote.ref === "")
          ? joinPaths(repositoryPath(remote), remote.path)
          : rawFilePath(reference);
      return `Put a copy at ${joinPaths(root, path)}.`;
    },
  };
}

/** Where the files of a repository at a ref lie below a folder of remotes. */
export function repositoryPath({ host, repository, ref }: RemoteDirectory): string {
  return `${host}/${repository}${ref === "" ? "" : `@${ref}`}`;
}

/** Where a raw file lies below a folder of remotes. */
export function rawFilePath(url: string): string {
  return url.replace(/^https?:\/\//i, "").replace(/[?#].*$/, "");
}
