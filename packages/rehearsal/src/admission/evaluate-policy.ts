// What a policy decides about a write, for one of its parameters (apiserver admission/plugin/policy/validating
// validator.go).
import type { CelAuthorizer, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { type Activation, createActivation, evaluate, variablesOf } from "./activation.ts";
import { evaluateConditions } from "./match-conditions.ts";
import { objectAt, objectsAt, textAt } from "./read-json.ts";

/** What an evaluation reads. */
export interface PolicyInput {
  /** The question of a review, in the version that the policy matches. */
  readonly request: JsonObject;
  readonly namespaceObject: KubernetesObject | undefined;
  readonly params: KubernetesObject | undefined;
  readonly authorizer: CelAuthorizer;
}

/** A reason to refuse the write, of which the binding says what is done about it. */
export interface Violation {
  readonly message: string;
  /** A reason of a status; `Invalid` when the policy gives none. */
  readonly reason?: string | undefined;
  /** Which of the policy's validations it is. */
  readonly index?: number;
}

/** What came of it. */
export interface PolicyOutcome {
  readonly violations: readonly Violation[];
  /** What is refused whatever the binding says: audit annotations that cannot be made. */
  readonly refusals: readonly Violation[];
  /** Audit annotations that have been made. */
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
}

/** Evaluates a policy that is bound and matches. */
export function evaluatePolicy(policy: KubernetesObject, input: PolicyInput): PolicyOutcome {
  const { request, params, namespaceObject, authorizer } = input;
  const spec = objectAt(policy, "spec");
  const failsOpen = spec.failurePolicy === "Ignore";
  const failed = (message: string): Violation[] => (failsOpen ? [] : [{ message }]);
  const base = { request, params, variables: variablesOf(spec) };
  const conditions = evaluateConditions(spec, createActivation({ ...base, authorizer }));
  const nothing = { violations: [], refusals: [], annotations: [] };
  if (typeof conditions === "string") return { ...nothing, violations: failed(conditions) };
  if (!conditions) return nothing;
  const activation = createActivation({ ...base, namespaceObject, authorizer });
  // Messages and annotations are made without asking who may do what.
  const unasked = createActivation({ ...base, namespaceObject });
  const violations = objectsAt(spec, "validations").flatMap((validation, index): Violation[] => {
    const result = evaluate(textAt(validation, "expression") ?? "", activation);
    if ("failure" in result) return failed(result.failure).map((one) => ({ ...one, index }));
    if (result.value === true) return [];
    return [{ message: messageOf(validation, unasked), reason: textAt(validation, "reason"), index }];
  });
  const made = objectsAt(spec, "auditAnnotations").map(({ key, valueExpression }) => ({
    key: String(key),
    result: evaluate(String(valueExpression), unasked),
  }));
  const refusals = made.flatMap(({ result }) => ("failure" in result ? failed(result.failure) : []));
  const annotations = made.flatMap(({ key, result }) => {
    const value = "value" in result && typeof result.value === "string" ? result.value.trim() : "";
    return value === "" ? [] : [{ key, value }];
  });
  return { violations, refusals, annotations };
}

const longestMessage = 5 * 1024;

function messageOf(validation: JsonObject, activation: Activation): string {
  const made = textAt(validation, "messageExpression");
  const result = made === undefined ? undefined : evaluate(made, activation);
  if (result && "value" in result && typeof result.value === "string") {
    const message = result.value.trim();
    const isShort = Buffer.byteLength(message) <= longestMessage;
    if (message !== "" && isShort && !message.includes("\n")) return message;
  }
  const fixed = textAt(validation, "message")?.trim();
  return fixed || `failed expression: ${textAt(validation, "expression")?.trim() ?? ""}`;
}
