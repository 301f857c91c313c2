// CEL expressions of the cluster's objects, compiled when they are first needed.
import { type CelExpression, compileCel } from "@slipway/kubernetes";

const compiled = new Map<string, CelExpression>();

/** The compiled expression; throws an Error with the position when it does not parse. */
export function compileOnce(text: string): CelExpression {
  let expression = compiled.get(text);
  if (!expression) {
    expression = compileCel(text);
    compiled.set(text, expression);
  }
  return expression;
}
