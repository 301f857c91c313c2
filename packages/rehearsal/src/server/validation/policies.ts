// ValidatingAdmissionPolicies and their bindings (kubernetes pkg/apis/admissionregistration/validation).
import { compileCel, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { objectsAt, textAt, textsAt, valueAt } from "../../admission/read-json.ts";
import { invalidValue, requiredValue } from "../field-error.ts";
import type { Validator } from "./validator.ts";

function validatePolicy(policy: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const validations = objectsAt(policy, "spec", "validations");
  if (validations.length === 0 && objectsAt(policy, "spec", "auditAnnotations").length === 0) {
    const detail = "validations or auditAnnotations must contain at least one item";
    errors.push(requiredValue("spec.validations", detail), requiredValue("spec.auditAnnotations", detail));
  }
  for (const list of ["matchConditions", "variables", "validations"]) {
    for (const [index, entry] of objectsAt(policy, "spec", list).entries()) {
      const field = `spec.${list}[${index}].expression`;
      const expression = textAt(entry, "expression")?.trim();
      errors.push(...(expression ? validateExpression(expression, field) : [requiredValue(field)]));
    }
  }
  return errors;
}

function validateExpression(expression: string, field: string): FieldError[] {
  try {
    compileCel(expression);
    return [];
  } catch (error) {
    const detail = `compilation failed: ${error instanceof Error ? error.message : String(error)}`;
    return [invalidValue(field, expression, detail)];
  }
}

function validateBinding(binding: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  if (!textAt(binding, "spec", "policyName")) errors.push(requiredValue("spec.policyName"));
  const actions = textsAt(binding, "spec", "validationActions");
  if (actions.length === 0) errors.push(requiredValue("spec.validationActions"));
  if (actions.includes("Deny") && actions.includes("Warn")) {
    const detail =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
    const value = valueAt(binding, "spec", "validationActions");
    errors.push(invalidValue("spec.validationActions", value, detail));
  }
  return errors;
}

/** By collection. */
export const policyValidators: Readonly<Record<string, Validator>> = {
  "admissionregistration.k8s.io/validatingadmissionpolicies": { validate: validatePolicy },
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": { validate: validateBinding },
};
