// The conditions of webhooks and policies (apiserver admission/plugin/webhook/matchconditions).
import type { JsonObject } from "@slipway/yaml";
import { type Activation, evaluate } from "./activation.ts";
import { objectsAt, textAt } from "./read-json.ts";

/**
 * Whether the conditions of a webhook or of a policy's spec hold, or why that cannot be said. One that is false is
 * enough for them not to; one that fails counts only when none is false and the failure is not ignored.
 */
export function evaluateConditions(conditional: JsonObject, activation: Activation): boolean | string {
  const failures: string[] = [];
  for (const condition of objectsAt(conditional, "matchConditions")) {
    const result = evaluate(textAt(condition, "expression") ?? "", activation);
    if ("failure" in result) failures.push(result.failure);
    else if (result.value === false) return false;
  }
  if (failures.length === 0) return true;
  if (textAt(conditional, "failurePolicy") === "Ignore") return false;
  // Equal errors are told once (apimachinery util/errors NewAggregate).
  const told = [...new Set(failures)];
  return told.length === 1 ? `${told[0]}` : `[${told.join(", ")}]`;
}
