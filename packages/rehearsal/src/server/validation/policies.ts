// ValidatingAdmissionPolicies and their bindings (kubernetes pkg/apis/admissionregistration/validation).
import { compileCel, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { objectsAt, textAt, textsAt, valueAt } from "../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../field-error.ts";
import type { Validator } from "./validator.ts";

function validatePolicy(policy: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const validations = objectsAt(policy, "spec", "validations");
  const failurePolicy = textAt(policy, "spec", "failurePolicy") ?? "Fail";
  if (!failurePolicies.includes(failurePolicy)) {
    errors.push(unsupportedValue("spec.failurePolicy", failurePolicy, failurePolicies));
  }
  if (!valueAt(policy, "spec", "matchConstraints")) errors.push(requiredValue("spec.matchConstraints"));
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
  for (const [index, validation] of validations.entries()) {
    const reason = textAt(validation, "reason");
    if (reason === undefined || reasons.includes(reason)) continue;
    errors.push(unsupportedValue(`spec.validations[${index}].reason`, reason, reasons));
  }
  return errors;
}

const failurePolicies = ["Fail", "Ignore"];
/** What a policy may give for the reason of a refusal (Unauthorized is for servers alone). */
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

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
  if (actions.length === 0)
    errors.push(requiredValue("spec.validationActions", "at least one validation action is required"));
  if (actions.includes("Deny") && actions.includes("Warn")) {
    const detail =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
    const value = valueAt(binding, "spec", "validationActions");
    errors.push(invalidValue("spec.validationActions", value, detail));
  }
  const reference = valueAt(binding, "spec", "paramRef");
  if (isJsonObject(reference)) {
    const path = "spec.paramRef";
    const alone = "name and selector are mutually exclusive";
    if (reference.name && reference.selector) {
      errors.push(forbiddenValue(`${path}.name`, alone), forbiddenValue(`${path}.selector`, alone));
    }
    if (!reference.parameterNotFoundAction) errors.push(requiredValue(`${path}.parameterNotFoundAction`));
  }
  return errors;
}

/** By collection. */
export const policyValidators: Readonly<Record<string, Validator>> = {
  "admissionregistration.k8s.io/validatingadmissionpolicies": { validate: validatePolicy },
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": { validate: validateBinding },
};
