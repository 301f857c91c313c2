/** A release of Kubeflow, or the starter platform: a tree of kustomizations on this machine. */
export interface Release {
  /** The folder, absolute. */
  readonly root: string;
  /** What people call it: a version, a git ref, `starter`. */
  readonly name: string;
  /** The folder in which its remote references lie, absolute; without it a remote reference is an error. */
  readonly remotes?: string;
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
