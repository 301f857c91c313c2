// What a build needs of helm. It runs no program itself: who wants charts inflated hands this in.

/** A way to run helm, and what the command line of a build says about it. */
export interface Helm {
  /**
   * Runs `helm ARGUMENTS` to its end and returns what it prints. `input` is its standard input; `configHome` is
   * the folder of its settings, a fresh one when it is left out. Throws when helm can't be run or fails.
   */
  readonly run: (
    args: readonly string[],
    options: { readonly input?: string; readonly configHome?: string },
  ) => string;
  /** API versions that charts find in `Capabilities`, where a chart's entry names none. */
  readonly apiVersions?: readonly string[];
  /** The version of Kubernetes that charts find in `Capabilities`, where a chart's entry names none. */
  readonly kubeVersion?: string;
  /** Passes `--debug` for every chart. */
  readonly debug?: boolean;
}
