// Failures of a build, with the place that they belong to.
import { type Problem, ProblemError, positionOf, sourceLineOf, type YamlNode } from "@slipway/yaml";

/** What to say beside the message. */
export interface FailureDetails {
  /** The node whose file, line and column are shown. */
  readonly node?: YamlNode | null | undefined;
  readonly object?: string;
  readonly next?: string;
  readonly related?: Problem["related"];
  readonly cause?: unknown;
}

/** A ProblemError with the code `kustomize/<code>`, to be thrown. */
export function failure(code: string, message: string, details: FailureDetails = {}): ProblemError {
  const position = positionOf(details.node ?? undefined);
  const sourceLine = sourceLineOf(details.node ?? undefined);
  return new ProblemError(
    {
      code: `kustomize/${code}`,
      message,
      ...(position ? { position } : {}),
      ...(sourceLine === undefined ? {} : { sourceLine }),
      ...(details.object === undefined ? {} : { object: details.object }),
      ...(details.next === undefined ? {} : { next: details.next }),
      ...(details.related === undefined ? {} : { related: details.related }),
    },
    details.cause === undefined ? undefined : { cause: details.cause },
  );
}

/** A further place for {@link FailureDetails.related}. */
export function relatedPlace(
  message: string,
  node: YamlNode | null | undefined,
): NonNullable<Problem["related"]>[number] {
  const position = positionOf(node ?? undefined);
  return position ? { message, position } : { message };
}

/** The same error with one more link of the chain that led to it, outermost last. */
export function withContext(error: unknown, message: string, node: YamlNode | null | undefined): unknown {
  if (!(error instanceof ProblemError)) return error;
  const related = [...(error.problem.related ?? []), relatedPlace(message, node)];
  return new ProblemError({ ...error.problem, related }, { cause: error.cause ?? error });
}
