// How a release is named: `26.03`, `https://example.com/manifests#main`, a folder.
import { ProblemError } from "@slipway/yaml";
import { defaultRepository } from "../catalogue/repository.ts";
import { parseVersion } from "./version.ts";

/** Where a release comes from. */
export type ReleaseSource =
  | { readonly type: "path"; readonly path: string }
  /** `version` is a tag of the usual repository. */
  | { readonly type: "git"; readonly git: string; readonly ref: string }
  | { readonly type: "starter" };

export const sourceOfVersion = (version: string): ReleaseSource => ({
  type: "git",
  git: defaultRepository,
  ref: version,
});

/**
 * Reads what a flag names: a folder that is there, `ADDRESS#REF`, or a version. What is none of them is a path.
 * Throws `release/no-ref` for the address of a repository without a ref.
 */
export function parseReleaseName(name: string, isThere: (path: string) => boolean): ReleaseSource {
  if (isThere(name)) return { type: "path", path: name };
  const hash = name.lastIndexOf("#");
  if (hash > 0) return { type: "git", git: name.slice(0, hash), ref: name.slice(hash + 1) };
  if (/^(?:https?|ssh|git|file):\/\//.test(name)) {
    throw new ProblemError({
      code: "release/no-ref",
      message: `${name} is a repository, which holds many releases`,
      next: `name one of its tags, branches or commits: ${name}#REF`,
    });
  }
  return parseVersion(name) ? sourceOfVersion(name) : { type: "path", path: name };
}
