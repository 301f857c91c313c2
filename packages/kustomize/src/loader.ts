// Finds and reads the files of a build: relative to a root, not outside of it, never in a circle.
import { ProblemError, type YamlNode } from "@slipway/yaml";
import type { FileSystem } from "./file-system.ts";
import type { Helm } from "./helm/helm.ts";
import type { LoadedFile } from "./loaded-file.ts";
import { joinPaths, normalizePath } from "./posix-path.ts";
import { failure, withContext } from "./problem.ts";
import { isUrl, parseRemoteDirectory, type RemoteDirectory } from "./remote-reference.ts";
import { type Remotes, remotesFolder } from "./remotes.ts";

/** Whether files outside a kustomization's own directory may be read. */
export type LoadRestrictor = "rootOnly" | "none";

/** What all loaders of one build share. */
export interface LoaderContext {
  readonly fileSystem: FileSystem;
  readonly restrictor: LoadRestrictor;
  /** Copies of remote references; undefined when there are none. */
  readonly remotes: Remotes | undefined;
  /** Inflates charts; undefined when they are refused. */
  readonly helm?: Helm | undefined;
}

/** Reads below one directory. */
export interface Loader {
  readonly context: LoaderContext;
  /** The directory, absolute and with links resolved. */
  readonly root: string;
  /** The directory as it is shown to people. */
  readonly shown: string;
  readonly referrer: Loader | null;
  /** The repository that the directory belongs to, when it is a remote one. */
  readonly repository: { readonly root: string; readonly remote: RemoteDirectory } | null;
}

/** A loader for the directory that a build starts from. */
export function rootLoader(context: LoaderContext, directory: string): Loader {
  const kind = context.fileSystem.kind(directory);
  if (kind === undefined) {
    throw failure("missing-path", `there is no directory ${directory}`, {
      next: "Name a directory that holds a kustomization.yaml.",
    });
  }
  if (kind === "file") {
    throw failure("not-a-directory", `${directory} is a file; a build starts from a directory`);
  }
  const root = context.fileSystem.realPath(directory);
  return { context, root, shown: normalizePath(directory), referrer: null, repository: null };
}

/** Where a loader reads and what it may read, as data; its remotes are asked when they are needed. */
export function describeLoader({ context, root, shown, referrer, repository }: Loader): unknown {
  return [context.restrictor, root, shown, repository, referrer && describeLoader(referrer)];
}

/** What a path of a kustomization refers to. */
export function kindOfReference(loader: Loader, path: string): "file" | "directory" | undefined {
  const { fileSystem, remotes } = loader.context;
  const remote = parseRemoteDirectory(path);
  if (isUrl(path) || remote) {
    const file = isUrl(path) ? remotes?.file(path) : undefined;
    if (file !== undefined && fileSystem.kind(file) === "file") return "file";
    const directory = remote && directoryOf(remotes, remote);
    return directory && fileSystem.kind(directory) === "directory" ? "directory" : undefined;
  }
  return fileSystem.kind(join(loader.root, path));
}

/** A loader for another base; `at` is the entry that names it. */
export function childLoader(loader: Loader, path: string, at: YamlNode | null): Loader {
  if (path === "") throw failure("missing-path", "new root cannot be empty", { node: at });
  const remote = parseRemoteDirectory(path);
  if (remote && loader.context.fileSystem.kind(join(loader.root, path)) === undefined) {
    return remoteLoader(loader, remote, path, at);
  }
  if (path.startsWith("/")) {
    throw failure("absolute-path", `new root '${path}' cannot be absolute`, {
      node: at,
      next: "Write it relative to this kustomization.",
    });
  }
  const target = join(loader.root, path);
  if (loader.context.fileSystem.kind(target) !== "directory") {
    const shown = join(loader.shown, path);
    throw failure(
      "missing-path",
      whyMissing(loader.context.fileSystem, target, `there is no directory ${shown}`),
      {
        node: at,
      },
    );
  }
  const root = loader.context.fileSystem.realPath(target);
  refuseCycle(loader, root, path, at);
  const repository = loader.repository;
  if (repository && !isWithin(root, repository.root)) {
    throw failure(
      "outside-repository",
      `security; bases in kustomizations found in cloned git repos must be within the repo, but base '${path}' is outside`,
      { node: at },
    );
  }
  return { context: loader.context, root, shown: join(loader.shown, path), referrer: loader, repository };
}

function directoryOf(remotes: Remotes | undefined, remote: RemoteDirectory): string | undefined {
  const repository = remotes?.repository(remote);
  return repository && join(repository, remote.path);
}

function remoteLoader(loader: Loader, remote: RemoteDirectory, path: string, at: YamlNode | null): Loader {
  const { fileSystem, remotes } = loader.context;
  const repository = remotes?.repository(remote);
  const target = directoryOf(remotes, remote);
  if (!repository || !target || fileSystem.kind(target) !== "directory") {
    throw notAtHand(loader.context, path, at);
  }
  const root = fileSystem.realPath(target);
  refuseCycle(loader, root, path, at);
  return {
    context: loader.context,
    root,
    shown: target,
    referrer: loader,
    repository: { root: fileSystem.realPath(repository), remote },
  };
}

function notAtHand({ remotes }: LoaderContext, path: string, at: YamlNode | null): Error {
  return failure(
    remotes === undefined ? "refused-network" : "remote",
    `${path} lies elsewhere, no copy of it is at hand, and a build fetches nothing`,
    {
      node: at,
      next:
        remotes?.advise?.(path) ??
        `Give a folder of remotes (REMOTES). ${remotesFolder("REMOTES").advise?.(path)}`,
    },
  );
}

function refuseCycle(loader: Loader, root: string, path: string, at: YamlNode | null): void {
  for (let ancestor: Loader | null = loader; ancestor; ancestor = ancestor.referrer) {
    if (!isWithin(ancestor.root, root)) continue;
    throw failure(
      "cycle",
      ancestor.root === root
        ? `cycle detected: ${path} leads back to ${ancestor.shown}, which is being built`
        : `cycle detected: ${path} contains ${ancestor.shown}, which is being built`,
      { node: at, next: "Take this reference out, or the one that leads here." },
    );
  }
}

/** Reads a file named in a kustomization. Throws a ProblemError when it can't be, or may not be. */
export function loadFile(loader: Loader, path: string, at: YamlNode | null): LoadedFile {
  const { fileSystem, remotes } = loader.context;
  if (isUrl(path)) {
    const target = remotes?.file(path);
    if (target === undefined || fileSystem.kind(target) !== "file") {
      throw notAtHand(loader.context, path, at);
    }
    return { path: target, bytes: readBytes(fileSystem, target, target, at) };
  }
  const target = join(loader.root, path);
  const remote = parseRemoteDirectory(path);
  if (remote && fileSystem.kind(target) === undefined) remoteLoader(loader, remote, path, at);
  const shown = path.startsWith("/") ? path : join(loader.shown, path);
  const kind = fileSystem.kind(target);
  if (kind !== "file") {
    throw failure(
      "missing-path",
      kind === undefined
        ? whyMissing(fileSystem, target, `there is no file ${shown}`)
        : `${shown} is a directory, not a file`,
      { node: at },
    );
  }
  if (loader.context.restrictor === "rootOnly") {
    const real = fileSystem.realPath(target);
    if (!isWithin(real, loader.root)) {
      throw failure("outside-root", `security; file '${shown}' is not in or below '${loader.shown}'`, {
        node: at,
        next: "Move the file below the kustomization, or lift the load restriction.",
      });
    }
  }
  return { path: shown, bytes: readBytes(fileSystem, target, shown, at) };
}

/** A loop of links looks as if nothing were there. */
function whyMissing(fileSystem: FileSystem, path: string, message: string): string {
  try {
    fileSystem.realPath(path);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ELOOP")
      return `${message}: its symbolic links form a loop`;
  }
  return message;
}

function readBytes(fileSystem: FileSystem, path: string, shown: string, at: YamlNode | null): Uint8Array {
  try {
    return fileSystem.readFile(path);
  } catch (cause) {
    if (cause instanceof ProblemError) throw withContext(cause, `read as ${shown}, which is listed`, at);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failure("unreadable", `${shown} can't be read: ${why}`, { node: at, cause });
  }
}

/** Joins like a kustomization's paths: an absolute one stands for itself. */
export function join(directory: string, path: string): string {
  return path.startsWith("/") ? normalizePath(path) : joinPaths(directory, path);
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith("/") ? root : `${root}/`);
}
