// Whether an expression of an admission policy or a match condition compiles, and gives what it is to give
// (apiserver admission/plugin/cel/compile.go).
import { composedType } from "./admission-types.ts";
import { typeExpression, type Variables } from "./compile-rule.ts";
import { anything, bool, type CelType, dyn, listOf, nothing, text, typeName } from "./types.ts";

/** What kinds of expressions are to give; of a variable, anything will do. */
const results = {
  condition: [bool],
  message: [text],
  annotation: [text, nothing],
  variable: [],
  applyConfiguration: [{ kind: "object", name: "Object", fields: new Map() }],
  jsonPatch: [listOf({ kind: "object", name: "JSONPatch", fields: new Map() })],
} as const satisfies Readonly<Record<string, readonly CelType[]>>;

/** What an expression is for. */
export type ExpressionKind = keyof typeof results;

/** What came of compiling an expression of admission. */
export interface AdmissionCompilation {
  /** What is wrong, in the server's words. */
  readonly detail: string | undefined;
  /** The type of a variable's value; what does not compile may be anything. */
  readonly type: CelType;
}

/** Compiles an expression of a kind over these variables. */
export function compileAdmission(
  expression: string,
  kind: ExpressionKind,
  variables: Variables,
): AdmissionCompilation {
  const { failure, type } = typeExpression(expression, variables);
  if (failure !== undefined) return { detail: `compilation failed: ${failure}`, type: dyn };
  const wanted = results[kind].map((one) => typeName(one));
  const found = typeName(type);
  if (wanted.length === 0 || type === anything || wanted.includes(found)) {
    return { detail: undefined, type: composedType(type) };
  }
  const one = wanted.length === 1 ? wanted[0] : `one of [${wanted.join(" ")}]`;
  return { detail: `must evaluate to ${one} but got ${found}`, type: dyn };
}
