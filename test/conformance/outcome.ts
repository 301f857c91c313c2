// How one case came out.
import { ProblemError } from "@slipway/yaml";

export interface Outcome {
  readonly id: string;
  /**
   * `refused`: it needs a feature that is left out on purpose, and the error says so. `unclear`: the case has
   * lost what it expects, so that nothing can be compared.
   */
  readonly verdict: "passed" | "failed" | "refused" | "unclear";
  /** What differs, or which feature is refused. */
  readonly detail?: string;
  /** What an expected failure said. */
  readonly note?: string;
}

/** The first line in which two texts differ. */
export function firstDifference(actual: string, expected: string): string {
  const actualLines = actual.split("\n");
  const expectedLines = expected.split("\n");
  const length = Math.max(actualLines.length, expectedLines.length);
  for (let index = 0; index < length; index++) {
    if (actualLines[index] === expectedLines[index]) continue;
    const show = (line: string | undefined) => (line === undefined ? "(end)" : JSON.stringify(line));
    return `line ${index + 1}: ${show(actualLines[index])}, expected ${show(expectedLines[index])}`;
  }
  return "no difference";
}

/** An error in one line; an unexpected one with its place in the code. */
export function describeError(error: unknown): string {
  if (error instanceof ProblemError) {
    const { position, code, message } = error.problem;
    const where = position ? `${position.file}:${position.line}:${position.column}: ` : "";
    return `${where}${message} [${code}]`;
  }
  if (error instanceof Error)
    return `unexpected ${error.stack?.split("\n").slice(0, 3).join(" ") ?? error.message}`;
  return String(error);
}

/** True for an error that refuses a feature on purpose. */
export function refusedFeature(error: unknown): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return /^kustomize\/refused-(.+)$/.exec(error.problem.code)?.[1];
}
