// Expressions that choose devices (k8s.io/dynamic-resource-allocation/cel). Leaves out what they may cost.
import { typeExpression, type Variables } from "./compile-rule.ts";
import { anything, bool, type CelType, mapOf, simpleType, text, typeName } from "./types.ts";

const device: CelType = {
  kind: "object",
  name: "DRADevice",
  fields: new Map([
    ["driver", text],
    ["allowMultipleAllocations", bool],
    ["attributes", mapOf(text, mapOf(text, anything))],
    ["capacity", mapOf(text, mapOf(text, simpleType("kubernetes.Quantity")))],
  ]),
};
const variables: Variables = new Map([["device", device]]);

/** What is wrong with an expression over a `device`, in the server's words; undefined for one that compiles to a bool. */
export function selectorProblem(expression: string): string | undefined {
  const { failure, type } = typeExpression(expression, variables);
  if (failure !== undefined) return `compilation failed: ${failure}`;
  if (type === bool || type === anything) return undefined;
  return `must evaluate to bool or the unknown type, not ${typeName(type)}`;
}
