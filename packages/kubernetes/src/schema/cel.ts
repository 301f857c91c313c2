import type { Json } from "@slipway/yaml";

/** A CEL expression of a webhook's matchConditions, ready to run. */
export interface CelExpression {
  /**
   * The expression's value for these variables (`object`, `oldObject`, `request`; absent ones are null).
   * Throws an Error with CEL's text when the evaluation fails (`no such key: foo`).
   */
  evaluate(variables: { readonly [name: string]: Json | undefined }): unknown;
}

/** Compiles an expression with the Kubernetes CEL libraries; throws an Error with the position when it does not parse. */
export function compileCel(_expression: string): CelExpression {
  throw new Error("lands next");
}
