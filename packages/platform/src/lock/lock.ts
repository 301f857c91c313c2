// slipway.lock: what each release, and all that it refers to elsewhere, is to the byte.
import { z } from "zod";

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: "expected sha256: and 64 digits" });
const commit = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, { error: "expected the 40 digits of a commit" });
const text = z.string().min(1);

const lockedRepository = z.strictObject({
  git: text,
  ref: z.string(),
  commit,
  /** The folders of the repository's root that are taken; all of it when left out. */
  paths: z.array(text).optional(),
  tree: sha256,
});

const lockedFile = z.strictObject({ file: text, digest: sha256 });

const remotes = z.array(z.union([lockedRepository, lockedFile]));

const lockedRelease = z.strictObject({
  git: text,
  ref: text,
  commit,
  tree: sha256,
  /** The folder that holds a copy, relative to the lock. */
  vendored: text.optional(),
  /** In the lock of a vendored copy: the digest of its list of files. */
  files: sha256.optional(),
  remotes,
});

const lockedFolder = z.strictObject({ path: text, remotes });

/** The schema of the whole file. */
export const lockSchema = z.strictObject({
  apiVersion: z.literal("slipway.dev/v1alpha1"),
  kind: z.literal("Lock"),
  releases: z.array(z.union([lockedRelease, lockedFolder])),
});

/** A repository that a kustomization of a release refers to, at one ref. */
export type LockedRepository = z.output<typeof lockedRepository>;
/** A raw file that one refers to. */
export type LockedFile = z.output<typeof lockedFile>;
export type LockedRemote = LockedRepository | LockedFile;
/** A release of a repository. */
export type LockedRelease = z.output<typeof lockedRelease>;
/** A folder of the user's own: what it holds is theirs to change, what it refers to is locked. */
export type LockedFolder = z.output<typeof lockedFolder>;
export type LockEntry = LockedRelease | LockedFolder;
export type Lock = z.output<typeof lockSchema>;

/** The name of an entry, and of what it locks: two with the same key stand for the same thing. */
export function keyOf(entry: LockEntry | LockedRemote): string {
  if ("file" in entry) return entry.file;
  return "git" in entry ? `${entry.git}#${entry.ref}` : entry.path;
}
