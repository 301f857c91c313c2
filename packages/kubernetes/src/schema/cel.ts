// CEL expressions as the API server evaluates them, over @marcbachmann/cel-js.
import { EvaluationError, ParseError } from "@marcbachmann/cel-js";
import { isJsonObject, type Json } from "@slipway/yaml";
import { CelAuthorizer } from "./cel/authorizer.ts";
import { celEnvironment } from "./cel/environment.ts";
import { hasMacro } from "./cel/macros.ts";
import { messagesAsMaps } from "./cel/messages-as-maps.ts";
import { runtimeWords } from "./cel/runtime-words.ts";

/** A CEL expression, ready to run. */
export interface CelExpression {
  /**
   * The expression's value for these variables: numbers without a fraction are ints, as in `object`, `oldObject`
   * and `request` of admission; absent variables are null, and an `authorizer` that is not given cannot be asked.
   * Throws an Error with CEL's text when the evaluation fails (`no such key: foo`).
   */
  evaluate(variables: { readonly [name: string]: Json | undefined }, authorizer?: CelAuthorizer): unknown;
  /** The same for values that are already CEL's own (see `toCelValue`). */
  run(variables: { readonly [name: string]: unknown }): unknown;
}

/** Compiles an expression with the Kubernetes CEL libraries; throws an Error with the position when it does not parse. */
export function compileCel(expression: string): CelExpression {
  const known = compiled.get(expression);
  if (known) return known;
  const program = parse(expression);
  const result: CelExpression = {
    evaluate: (variables, authorizer = new CelAuthorizer()) => {
      const values: Record<string, unknown> = { object: null, oldObject: null, request: null, authorizer };
      for (const [name, value] of Object.entries(variables)) values[name] = toDynamic(value ?? null);
      return result.run(values);
    },
    run: (variables) => {
      try {
        return program(variables);
      } catch (error) {
        throw error instanceof EvaluationError ? new Error(runtimeWords(error), { cause: error }) : error;
      }
    },
  };
  compiled.set(expression, result);
  return result;
}

const compiled = new Map<string, CelExpression>();

function parse(expression: string): (variables: Record<string, unknown>) => unknown {
  try {
    const program = celEnvironment().parse(renameHas(messagesAsMaps(expression)));
    const check = program.check();
    if (!check.valid) throw check.error;
    return program;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const where = error instanceof ParseError ? "Syntax error" : "compilation failed";
    throw new Error(`ERROR: <input>: ${where}: ${summaryOf(error).replaceAll(hasMacro, "has")}`, {
      cause: error,
    });
  }
}

const tokens =
  /r?"""[\s\S]*?"""|r?'''[\s\S]*?'''|r"[^"]*"|r'[^']*'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/[^\n]*|(?<![\w.])has(?=\s*\()/g;

/** `has` under the name of our own macro, outside of strings and comments. */
function renameHas(expression: string): string {
  return expression.replace(tokens, (token) => (token === "has" ? hasMacro : token));
}

function summaryOf(error: Error): string {
  return (error.message.split("\n")[0] ?? "").trim();
}

/** A JSON value without a schema: whole numbers are ints. */
export function toDynamic(value: Json): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toDynamic);
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) result[key] = toDynamic(item);
  return result;
}
