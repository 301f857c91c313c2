/** A place in a source file; line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * What went wrong, as data: a terminal, a JSON stream and a web page each render it in their own way.
 * No field ever holds a secret value.
 */
export interface Problem {
  /** Stable and documented, for instance `yaml/syntax` or `kustomize/duplicate-id`. */
  readonly code: string;
  /** One sentence: what failed and why. */
  readonly message: string;
  /** Where in a file. */
  readonly position?: SourcePosition;
  /** The line of that file, as it stands. */
  readonly sourceLine?: string;
  /** Which Kubernetes object, as `kind/namespace/name`. */
  readonly object?: string;
  /** What to do next, as a sentence or a command. */
  readonly next?: string;
  /** Further places that belong to it (the second definition, the chain of kustomizations), outermost last. */
  readonly related?: readonly { readonly message: string; readonly position?: SourcePosition }[];
}

/** An expected failure: thrown anywhere, rendered once, at the edge. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.message, options);
    this.problem = problem;
  }
}
