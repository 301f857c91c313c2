// What a remote repository's tags and branches point to.
import { suggest } from "@slipway/kubernetes/objects";
import { ProblemError } from "@slipway/yaml";
import { runGit, withoutPassword } from "./run-git.ts";

/** A tag and the commit that it points to. */
export interface RemoteTag {
  readonly name: string;
  readonly commit: string;
}

/** Where a ref points now. */
export interface ResolvedRef {
  readonly kind: "tag" | "branch" | "commit";
  readonly commit: string;
}

/** A repository: the address that it is known by, and the one that is asked (a mirror's). */
export interface Repository {
  readonly git: string;
  readonly address: string;
}

export const wholeCommit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** All tags of a repository. Throws what {@link runGit} throws. */
export async function listTags({ git, address }: Repository): Promise<RemoteTag[]> {
  const task = `list the tags of ${withoutPassword(git)}`;
  const refs = parseRefs(await runGit(["ls-remote", "--tags", "--", address], task));
  return [...refs.keys()]
    .filter((ref) => !ref.endsWith("^{}"))
    .map((ref) => ({ name: ref.replace("refs/tags/", ""), commit: commitOf(refs, ref) }));
}

/**
 * The commit of a tag, else of a branch, else the ref itself when it is a whole commit; "" is the default
 * branch. Throws `release/bad-ref`, `release/no-such-ref`, or what {@link runGit} throws.
 */
export async function resolveRef(repository: Repository, ref: string): Promise<ResolvedRef> {
  const { git, address } = repository;
  refuseBadRef(ref);
  if (wholeCommit.test(ref)) return { kind: "commit", commit: ref };
  const wanted = ref === "" ? ["HEAD"] : [`refs/tags/${ref}`, `refs/tags/${ref}^{}`, `refs/heads/${ref}`];
  const task = `look up ${ref || "the default branch"} of ${withoutPassword(git)}`;
  const refs = parseRefs(await runGit(["ls-remote", "--", address, ...wanted], task));
  if (refs.has(`refs/tags/${ref}`)) return { kind: "tag", commit: commitOf(refs, `refs/tags/${ref}`) };
  const branch = refs.get(ref === "" ? "HEAD" : `refs/heads/${ref}`);
  if (branch !== undefined) return { kind: "branch", commit: branch };
  throw await noSuchRef(repository, ref);
}

/** Refuses what git would take for a flag, or for more than a name. */
export function refuseBadRef(ref: string): void {
  if (!/^-|^\.+$|[\s~^:?*[\\]|\.\./.test(ref)) return;
  throw new ProblemError({
    code: "release/bad-ref",
    message: `${JSON.stringify(ref)} is no tag, branch or commit`,
  });
}

/** An annotated tag is an object of its own; `^{}` is the commit that it leads to. */
function commitOf(refs: ReadonlyMap<string, string>, ref: string): string {
  return refs.get(`${ref}^{}`) ?? (refs.get(ref) as string);
}

function parseRefs(output: string): Map<string, string> {
  return new Map(
    output.split("\n").flatMap((line): [string, string][] => {
      const [commit, ref] = line.split("\t");
      return commit && ref ? [[ref, commit]] : [];
    }),
  );
}

async function noSuchRef(repository: Repository, ref: string): Promise<ProblemError> {
  const tags = await listTags(repository);
  const [near] = suggest(
    ref,
    tags.map(({ name }) => name),
  );
  const next = /^[0-9a-f]{7,39}$/.test(ref)
    ? "a commit is named by all of its digits"
    : near
      ? `did you mean ${near}?`
      : "slipway release list shows the releases";
  return new ProblemError({
    code: "release/no-such-ref",
    message: `${withoutPassword(repository.git)} has no tag or branch ${ref}`,
    next,
  });
}
