// MutatingAdmissionPolicies and their bindings (kubernetes pkg/apis/admissionregistration/validation).
import type { AdmissionScope, CelType, FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import type { Validator } from "../validator.ts";
import { validateExpression, validateVariables } from "./expressions.ts";
import { validateMutatingOperations } from "./resource-rules.ts";
import {
  scopeOf,
  validateBindingHead,
  validatePolicyConditions,
  validatePolicyHead,
} from "./validating-policies.ts";

function validatePolicy(policy: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const spec = objectAt(policy, "spec");
  const composed = new Map<string, CelType>();
  const scope = scopeOf(spec, composed);
  const errors = [
    ...validatePolicyHead(spec),
    ...validateMutatingOperations(spec.matchConstraints, "spec.matchConstraints"),
    ...validatePolicyConditions(spec, old && objectAt(old, "spec")),
    ...validateVariables(spec, scope, composed, "spec.variables"),
  ];
  const mutations = objectsAt(spec, "mutations");
  if (mutations.length === 0) {
    errors.push(requiredValue("spec.mutations", "mutations must contain at least one item"));
  }
  for (const [index, mutation] of mutations.entries()) {
    errors.push(...validateMutation(mutation, { ...scope, patches: true }, `spec.mutations[${index}]`));
  }
  const path = "spec.reinvocationPolicy";
  const policyOf = textAt(spec, "reinvocationPolicy");
  errors.push(...(policyOf ? validateChoice(policyOf, path, ["IfNeeded", "Never"]) : [requiredValue(path)]));
  return errors;
}

const kinds = { ApplyConfiguration: "applyConfiguration", JSONPatch: "jsonPatch" } as const;

function validateMutation(mutation: JsonObject, scope: AdmissionScope, path: string): FieldError[] {
  const type = textAt(mutation, "patchType");
  if (!type) return [requiredValue(`${path}.patchType`)];
  if (type !== "ApplyConfiguration" && type !== "JSONPatch") {
    return validateChoice(type, `${path}.patchType`, Object.keys(kinds));
  }
  const field = kinds[type];
  const errors: FieldError[] = [];
  if (!isJsonObject(mutation[field])) {
    errors.push(requiredValue(`${path}.${field}`, `must be specified when patchType is ${type}`));
  } else {
    const expression = textAt(mutation, field, "expression")?.trim();
    const at = `${path}.${field}.expression`;
    errors.push(...(expression ? validateExpression(expression, field, scope, at) : [requiredValue(at)]));
  }
  const other = field === "jsonPatch" ? "applyConfiguration" : "jsonPatch";
  if (isJsonObject(mutation[other])) {
    const detail = `must not be specified when patchType is ${type}`;
    errors.push(invalidValue(`${path}.${other}`, `{${other}}`, detail));
  }
  return errors;
}

function validateBinding(binding: KubernetesObject): FieldError[] {
  const spec = objectAt(binding, "spec");
  return [
    ...validateBindingHead(spec),
    ...validateMutatingOperations(spec.matchResources, "spec.matchResources"),
  ];
}

/** By collection. */
export const mutatingPolicyValidators: Readonly<Record<string, Validator>> = {
  "admissionregistration.k8s.io/mutatingadmissionpolicies": { validate: validatePolicy },
  "admissionregistration.k8s.io/mutatingadmissionpolicybindings": { validate: validateBinding },
};
