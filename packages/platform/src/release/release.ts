import type { FileSystem, Remotes } from "@slipway/kustomize";

/** A release of Kubeflow, or the starter platform: a tree of kustomizations on this machine. */
export interface Release {
  /** The folder, absolute. */
  readonly root: string;
  /** What people call it: a version, a git ref, `starter`. */
  readonly name: string;
  /** Copies of what it refers to elsewhere; without one a remote reference is an error. */
  readonly remotes?: Remotes;
  /** Folders and files outside of the root, and the path by which the release knows them. */
  readonly mounts?: readonly Mount[];
  /** Reads its files; the disk when left out. */
  readonly fileSystem?: FileSystem;
  /** The kustomization that puts it together, relative to the root. */
  readonly example: string;
  /** What that kustomization lists, in its order. */
  readonly entries: readonly ReleaseEntry[];
}

/** One of the resources of a release's example. */
export interface ReleaseEntry {
  /** As it is written there: `../common/dex/overlays/oauth2-proxy`. */
  readonly resource: string;
  /** The component of the catalogue that it installs. */
  readonly component?: string;
}

/** A folder or file, absolute, and what it is called: "" or `github.com/owner/repo@ref`. */
export interface Mount {
  readonly place: string;
  readonly name: string;
}
