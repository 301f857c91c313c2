// Whether a rule, or the expression of its message, compiles in the schema that it stands in.
import { compileCel } from "../cel.ts";
import { check } from "./check.ts";
import { formatIssues } from "./issue.ts";
import { NotModelled, parse } from "./parse.ts";
import { anything, bool, type CelType, optionalOf, text } from "./types.ts";

/** What a rule's expressions may read. */
export type Variables = ReadonlyMap<string, CelType>;

/** The variables of a rule that stands where `self` is of this type. */
export function ruleVariables(
  self: CelType,
  { optionalOldSelf }: { readonly optionalOldSelf: boolean },
): Variables {
  return new Map([
    ["self", self],
    ["oldSelf", optionalOldSelf ? optionalOf(self) : self],
  ]);
}

/** What came of compiling an expression. */
export interface Compilation {
  /** Everything wrong with it, as cel-go shows it. */
  readonly failure: string | undefined;
  /** Whether its value is of the type that is wanted. */
  readonly fits: boolean;
  readonly usesOldSelf: boolean;
}

/** Compiles an expression that is to give a `bool` or a `string`. */
export function compileExpression(
  expression: string,
  wanted: "bool" | "string",
  variables: Variables,
): Compilation {
  try {
    const parsed = parse(expression);
    if ("issues" in parsed) return failed(formatIssues(expression, parsed.issues));
    const { type, issues, reads } = check(parsed.root, variables);
    if (issues.length > 0) return failed(formatIssues(expression, issues));
    return {
      failure: undefined,
      fits: type === anything || type === (wanted === "bool" ? bool : text),
      usesOldSelf: reads.has("oldSelf"),
    };
  } catch (error) {
    if (error instanceof NotModelled) return evaluable(expression);
    throw error;
  }
}

function failed(failure: string): Compilation {
  return { failure, fits: false, usesOldSelf: false };
}

/** An expression whose types are not looked into: whether it can be evaluated at all. */
function evaluable(expression: string): Compilation {
  const usesOldSelf = /\boldSelf\b/.test(expression);
  try {
    compileCel(expression);
    return { failure: undefined, fits: true, usesOldSelf };
  } catch (error) {
    return { failure: (error as Error).message, fits: false, usesOldSelf };
  }
}
