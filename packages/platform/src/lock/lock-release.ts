// Makes the entry of a lock: resolves a release, and everything that it refers to elsewhere.
import { realpathSync } from "node:fs";
import { type Problem, ProblemError } from "@slipway/yaml";
import type { CachedTree } from "../content/cache.ts";
import { resolveRef } from "../git/remote-refs.ts";
import { withoutPassword } from "../git/run-git.ts";
import { mirroredRepository } from "../release/mirrors.ts";
import { openRelease } from "../release/open-release.ts";
import type { Release } from "../release/release.ts";
import { acquireTree, changedContent, fetchFile, fetchTree, moved, type Supply } from "./acquire.ts";
import { keyOf, type LockEntry, type LockedRelease, type LockedRepository } from "./lock.ts";
import { type LocalRemote, lockedRemotes, type Reference, readReference } from "./locked-remotes.ts";
import { type Survey, surveyRelease } from "./survey.ts";

/** What is to be locked. */
export type LockSource =
  | { readonly type: "git"; readonly git: string; readonly ref: string }
  /** `path` as it is written, `folder` where that is. */
  | { readonly type: "path"; readonly path: string; readonly folder: string };

/** A new entry, and what it took to make it. */
export interface FreshLock {
  readonly entry: LockEntry;
  readonly release: Release;
  readonly locals: readonly LocalRemote[];
  readonly survey: Survey;
}

/**
 * Resolves a release and all of its remote references, and fetches what the cache lacks. With the entry that
 * was locked before, what has moved or changed since is an error that tells all of it, unless `update` accepts
 * it. Throws what fetching throws, `release/moved`, `release/changed`, and what keeps the release from building.
 */
export async function lockRelease(
  source: LockSource,
  before: LockEntry | undefined,
  options: { readonly supply: Supply; readonly update: boolean },
): Promise<FreshLock> {
  const { supply, update } = options;
  const problems: Problem[] = [];
  const object = (error: ProblemError) => problems.push(error.problem);
  const earlier = new Map((before?.remotes ?? []).map((remote) => [keyOf(remote), remote]));
  const head = source.type === "path" ? undefined : await lockTree(source, before, supply);
  if (head && before && "git" in before && before.commit !== head.locked.commit)
    object(moved(before, head.locked.commit));
  const release =
    source.type === "path"
      ? openRelease(source.folder)
      : openRelease(head?.tree.root ?? "", { name: source.ref });
  const locals = new Map<string, LocalRemote>();
  const lock = async (reference: Reference, more: readonly string[]) => {
    const local = await lockReference(reference, { known: locals, more, earlier, supply });
    const key = keyOf(local.locked);
    const old = earlier.get(key);
    const isNew = !locals.has(key);
    locals.set(key, local);
    if (!isNew || !old) return;
    if ("git" in old && "git" in local.locked && old.commit !== local.locked.commit) {
      object(moved(old, local.locked.commit));
    }
    if ("file" in old && "file" in local.locked && old.digest !== local.locked.digest) {
      object(changedContent(old.file, old.digest, local.locked.digest));
    }
  };
  const survey = await completeSurvey(release, locals, lock);
  if (problems.length > 0 && !update) throw together(problems);
  if (survey.problem) throw survey.problem;
  const remotes = [...locals.values()]
    .map(({ locked }) => locked)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const vendored =
    before && "git" in before && before.commit === head?.locked.commit ? before.vendored : undefined;
  const entry: LockEntry =
    source.type === "path"
      ? { path: source.path, remotes }
      : { ...(head?.locked as LockedRelease), ...(vendored === undefined ? {} : { vendored }), remotes };
  return { entry, release, locals: [...locals.values()], survey };
}

/** Builds until nothing is missing; each round shows the references that lie behind those of the one before. */
async function completeSurvey(
  release: Release,
  locals: ReadonlyMap<string, LocalRemote>,
  lock: (reference: Reference, more: readonly string[]) => Promise<void>,
): Promise<Survey> {
  const tried = new Set<string>();
  for (;;) {
    const survey = surveyRelease(release, lockedRemotes([...locals.values()]));
    const wider = outsideOfParts(survey, [...locals.values()]);
    for (const { locked, path } of wider) await lock({ git: locked.git, ref: locked.ref, path }, [path]);
    for (const text of survey.missing) {
      const reference = readReference(text);
      const topFolder = "git" in reference ? reference.path.split("/")[0] : undefined;
      const part = `${"git" in reference ? `${reference.git}#${reference.ref}` : reference.file} ${topFolder}`;
      if (tried.has(text) && wider.length === 0) throw nothingThere(text);
      // Another reference may have brought the same part of the same repository in this round.
      const isNew = !tried.has(part);
      tried.add(text).add(part);
      if (isNew) await lock(reference, topFolder ? [topFolder] : []);
    }
    if (survey.missing.size === 0 && wider.length === 0) return survey;
  }
}

/** Folders of repositories that are only there in part, which the build looked for outside of that part. */
function outsideOfParts(
  { absent }: Survey,
  locals: readonly LocalRemote[],
): { readonly locked: LockedRepository; readonly path: string }[] {
  const found = new Map<string, { readonly locked: LockedRepository; readonly path: string }>();
  for (const local of locals) {
    if ("path" in local || !local.locked.paths) continue;
    const { locked, tree } = local;
    const root = `${realpathSync(tree.root)}/`;
    for (const path of absent) {
      const [folder = ""] = path.startsWith(root) ? path.slice(root.length).split("/") : [];
      if (folder !== "" && !locked.paths?.includes(folder))
        found.set(`${keyOf(locked)} ${folder}`, { locked, path: folder });
    }
  }
  return [...found.values()];
}

async function lockTree(
  source: Extract<LockSource, { type: "git" }>,
  before: LockEntry | undefined,
  supply: Supply,
): Promise<{ readonly locked: LockedRelease; readonly tree: CachedTree }> {
  const { git, ref } = source;
  const resolved = await resolveRef(mirroredRepository(git, supply.mirrors), ref);
  if (before && "git" in before && before.commit === resolved.commit) {
    const { commit, tree } = before;
    return { locked: { git, ref, commit, tree, remotes: [] }, tree: await acquireTree(before, supply) };
  }
  const tree = await fetchTree({ git, ref, resolved }, supply);
  return { locked: { git, ref, commit: resolved.commit, tree: tree.manifest.digest, remotes: [] }, tree };
}

async function lockReference(
  reference: Reference,
  context: {
    readonly known: ReadonlyMap<string, LocalRemote>;
    /** Folders of the repository's root that are wanted besides those that are there. */
    readonly more: readonly string[];
    readonly earlier: ReadonlyMap<string, LockEntry["remotes"][number]>;
    readonly supply: Supply;
  },
): Promise<LocalRemote> {
  const { known, more, earlier, supply } = context;
  if ("file" in reference) {
    const { path, digest } = await fetchFile(reference.file, supply);
    return { locked: { file: reference.file, digest }, path };
  }
  const { git, ref } = reference;
  const key = `${git}#${ref}`;
  const resolved = await resolveRef(mirroredRepository(git, supply.mirrors), ref);
  const there = known.get(key);
  const isWhole = there !== undefined && "git" in there.locked && there.locked.paths === undefined;
  const parts = there && "git" in there.locked ? (there.locked.paths ?? []) : [];
  const paths = isWhole || more.length === 0 ? [] : [...new Set([...parts, ...more])].sort();
  const old = earlier.get(key);
  const same =
    old && "git" in old && old.commit === resolved.commit && String(old.paths ?? []) === String(paths);
  if (same) return { locked: old, tree: await acquireTree(old, supply) };
  const tree = await fetchTree({ git, ref, resolved, paths }, supply);
  const locked = {
    git,
    ref,
    commit: resolved.commit,
    ...(paths.length > 0 ? { paths } : {}),
    tree: tree.manifest.digest,
  };
  return { locked, tree };
}

function nothingThere(reference: string): ProblemError {
  const found = readReference(reference);
  return new ProblemError({
    code: "release/no-such-remote",
    message: `the release refers to ${reference}, where nothing is`,
    ...("git" in found
      ? {
          next: `${withoutPassword(found.git)} ${found.ref} has no folder ${found.path || "with a kustomization"}`,
        }
      : {}),
  });
}

function together(problems: readonly Problem[]): ProblemError {
  const [first] = problems;
  if (first && problems.length === 1) return new ProblemError(first);
  return new ProblemError({
    code: first?.code ?? "release/moved",
    message: `${problems.length} things are not what was locked`,
    related: problems.map(({ message }) => ({ message })),
    next: "find out why; slipway release lock --update accepts them",
  });
}
