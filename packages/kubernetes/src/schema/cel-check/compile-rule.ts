// Whether a rule, or the expression of its message, compiles in the schema that it stands in.
import { compileCel } from "../cel.ts";
import { check } from "./check.ts";
import { formatIssues } from "./issue.ts";
import { NotModelled, parse } from "./parse.ts";
import { anything, bool, type CelType, optionalOf, text, wrong } from "./types.ts";

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
  const { failure, type, reads } = typeExpression(expression, variables);
  return {
    failure,
    fits: failure === undefined && (type === anything || type === (wanted === "bool" ? bool : text)),
    usesOldSelf: reads.has("oldSelf"),
  };
}

/** An expression's type, or everything that is wrong with it, as cel-go shows it. */
export interface TypedExpression {
  readonly failure: string | undefined;
  readonly type: CelType;
  /** The variables that it reads. */
  readonly reads: ReadonlySet<string>;
}

/** Finds the type of an expression; one whose types are not looked into may be of any, if it can be evaluated. */
export function typeExpression(expression: string, variables: Variables): TypedExpression {
  const failed = (failure: string) => ({ failure, type: wrong, reads: new Set<string>() });
  try {
    const parsed = parse(expression);
    if ("issues" in parsed) return failed(formatIssues(expression, parsed.issues));
    const { type, issues, reads } = check(parsed.root, variables);
    return issues.length > 0 ? failed(formatIssues(expression, issues)) : { failure: undefined, type, reads };
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
  }
  const reads = new Set(/\boldSelf\b/.test(expression) ? ["oldSelf"] : []);
  try {
    compileCel(expression);
    return { failure: undefined, type: anything, reads };
  } catch (error) {
    return { failure: (error as Error).message, type: wrong, reads };
  }
}
