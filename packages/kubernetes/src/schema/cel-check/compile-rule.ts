// Whether a rule, or the expression of its message, compiles in the schema that it stands in.
import { compileCel } from "../cel.ts";
import type { DeclaredSize } from "../cel-cost/declared-size.ts";
import { estimateCost } from "../cel-cost/estimate-cost.ts";
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
  /** What it may cost at most; undefined where that is not known, or it does not fit. */
  readonly cost: number | undefined;
}

/** Compiles an expression that is to give a `bool` or a `string`; `self` says how large the values may be that it reads. */
export function compileExpression(
  expression: string,
  wanted: "bool" | "string",
  variables: Variables,
  self: DeclaredSize,
): Compilation {
  const { failure, type, reads, cost } = typeExpression(expression, variables);
  const fits = failure === undefined && (type === anything || type === (wanted === "bool" ? bool : text));
  return { failure, fits, usesOldSelf: reads.has("oldSelf"), cost: fits ? cost(self) : undefined };
}

/** An expression's type, or everything that is wrong with it, as cel-go shows it. */
export interface TypedExpression {
  readonly failure: string | undefined;
  readonly type: CelType;
  /** The variables that it reads. */
  readonly reads: ReadonlySet<string>;
  /** What it may cost at most where `self` is of this size; undefined where that is not known. */
  readonly cost: (self: DeclaredSize) => number | undefined;
}

/** Finds the type of an expression; one whose types are not looked into may be of any, if it can be evaluated. */
export function typeExpression(expression: string, variables: Variables): TypedExpression {
  const cost = () => undefined;
  const failed = (failure: string) => ({ failure, type: wrong, reads: new Set<string>(), cost });
  try {
    const parsed = parse(expression);
    if ("issues" in parsed) return failed(formatIssues(expression, parsed.issues));
    const { root } = parsed;
    const checked = check(root, variables);
    const { type, issues, reads } = checked;
    if (issues.length > 0) return failed(formatIssues(expression, issues));
    return { failure: undefined, type, reads, cost: (self) => estimateCost(root, checked, self) };
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
  }
  const reads = new Set(/\boldSelf\b/.test(expression) ? ["oldSelf"] : []);
  try {
    compileCel(expression);
    return { failure: undefined, type: anything, reads, cost };
  } catch (error) {
    return { failure: (error as Error).message, type: wrong, reads, cost };
  }
}
