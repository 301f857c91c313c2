// What the expressions of admission read, and how one is evaluated (apiserver admission/plugin/cel/activation.go).
import { type CelAuthorizer, compileCel, toCelDynamic } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectsAt } from "./read-json.ts";

/** The values of the variables, as CEL has them. */
export type Activation = { readonly [variable: string]: unknown };

/** A variable of a policy. */
export interface ComposedVariable {
  readonly name: string;
  readonly expression: string;
}

/** What the variables are made of. */
export interface ActivationInput {
  /** The question of a review, which holds the object and the old one in the wanted version. */
  readonly request: JsonObject;
  readonly params?: JsonObject | undefined;
  readonly namespaceObject?: JsonObject | undefined;
  /** Without it, expressions that ask for it fail. */
  readonly authorizer?: CelAuthorizer | undefined;
  readonly variables?: readonly ComposedVariable[];
}

/** The variables of the expressions of one webhook or policy; a policy's own are evaluated when they are read. */
export function createActivation(input: ActivationInput): Activation {
  const { request, authorizer, variables = [] } = input;
  const value = (json: Json | undefined) => toCelDynamic(json ?? null);
  const { object, oldObject, uid, ...asked } = request;
  const activation: Record<string, unknown> = {
    object: value(object),
    oldObject: value(oldObject),
    request: value(asked),
    params: value(input.params),
    namespaceObject: value(input.namespaceObject),
    ...(authorizer ? { authorizer } : {}),
  };
  activation.variables = composeVariables(variables, activation);
  return activation;
}

/** The variables of a policy's spec. */
export function variablesOf(spec: JsonObject): ComposedVariable[] {
  return objectsAt(spec, "variables").map(({ name, expression }) => ({
    name: String(name),
    expression: String(expression),
  }));
}

function composeVariables(variables: readonly ComposedVariable[], activation: Activation): object {
  const composed = {};
  for (const { name, expression } of variables) {
    let result: Evaluation | undefined;
    const get = () => {
      result ??= run(expression, activation);
      if (!("failure" in result)) return result.value;
      throw new Error(`composited variable "${name}" fails to evaluate: ${result.failure}`);
    };
    Object.defineProperty(composed, name, { get, enumerable: true, configurable: true });
  }
  return composed;
}

/** An expression's value, or why it has none. */
export type Evaluation = { readonly value: unknown } | { readonly failure: string };

/** Evaluates an expression, whose failure is told with it. */
export function evaluate(expression: string, activation: Activation): Evaluation {
  const result = run(expression, activation);
  if (!("failure" in result)) return result;
  return { failure: `expression '${expression}' resulted in error: ${result.failure}` };
}

function run(expression: string, activation: Activation): Evaluation {
  try {
    return { value: compileCel(expression).run(activation) };
  } catch (error) {
    return { failure: (error as Error).message };
  }
}
