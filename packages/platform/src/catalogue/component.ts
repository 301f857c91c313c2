/**
 * The five stretches in which upstream brings a platform up (the README of kubeflow/manifests, "Install
 * individual components"). They only break ties: the order proper is inferred from the objects.
 */
export const phases = ["cert-manager", "istio", "dex", "applications", "profiles"] as const;
export type Phase = (typeof phases)[number];

/** What the catalogue knows of one component. Every path is relative to the release's root. */
export interface CatalogueComponent {
  readonly name: string;
  readonly description: string;
  readonly phase: Phase;
  /**
   * The directories that make it up, one list for each arrangement that releases have had, the newest first:
   * a release uses the first list whose directories it all has.
   */
  readonly layouts: readonly (readonly string[])[];
  /** Other directories that install the same component in another way; an `example` may list one instead. */
  readonly variants?: readonly string[];
  /** Directories whose files belong to it; the longest match wins. Remote sources are written `host/owner/repo`. */
  readonly sources: readonly string[];
  /** The namespace that its manifests leave to whoever applies them. */
  readonly namespace?: string;
  /** Components without which its objects are refused or never become ready. */
  readonly requires: readonly string[];
  /** How long an object of it may take to become ready, when that is not the default. */
  readonly timeoutSeconds?: number;
}
