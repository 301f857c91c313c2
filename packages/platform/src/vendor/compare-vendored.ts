import type { Manifest } from "../content/manifest.ts";

/** Files that two vendored folders have not in common, relative to the newer one. */
export interface VendoredChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** Compares by path; a file of another repository is the same one at another ref. */
export function compareVendored(before: Manifest, after: Manifest): VendoredChanges {
  const old = byPath(before);
  const fresh = byPath(after);
  const added: string[] = [];
  const changed: string[] = [];
  for (const [key, { path, digest }] of fresh) {
    const was = old.get(key);
    if (was === undefined) added.push(path);
    else if (was.digest !== digest) changed.push(path);
  }
  const removed = [...old].flatMap(([key, { path }]) => (fresh.has(key) ? [] : [path]));
  return { added, removed, changed };
}

function byPath({ files }: Manifest) {
  return new Map(
    [...files].map(
      ([path, digest]) => [path.replace(/^(remotes\/.*?)@[^/]*/, "$1"), { path, digest }] as const,
    ),
  );
}
