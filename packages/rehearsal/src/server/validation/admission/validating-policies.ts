// ValidatingAdmissionPolicies and their bindings (kubernetes pkg/apis/admissionregistration/validation).
import {
  type AdmissionScope,
  anyType,
  type CelType,
  equalJson,
  type FieldError,
  type KubernetesObject,
} from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt, valueAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { checkDns1035Label, checkDnsSubdomain, checkQualifiedName, invalidText } from "../names.ts";
import type { Validator } from "../validator.ts";
import { validateExpression, validateMatchConditions, validateVariables } from "./expressions.ts";
import { validateMatchResources, validateParamRef } from "./resource-rules.ts";

/** What a policy's expressions may read; `composed` grows with its variables. */
export function scopeOf(spec: JsonObject, composed?: ReadonlyMap<string, CelType>): AdmissionScope {
  return {
    authorizer: true,
    ...(spec.paramKind ? { params: anyType } : {}),
    ...(composed ? { composed } : {}),
  };
}

/** What validating and mutating policies have in common, up to their conditions. */
export function validatePolicyHead(spec: JsonObject): FieldError[] {
  const errors = validateChoice(spec.failurePolicy, "spec.failurePolicy", ["Fail", "Ignore"]);
  if (isJsonObject(spec.paramKind)) errors.push(...validateParamKind(spec.paramKind, "spec.paramKind"));
  const constraints = spec.matchConstraints;
  const path = "spec.matchConstraints";
  if (!isJsonObject(constraints)) errors.push(requiredValue(path));
  else {
    errors.push(...validateMatchResources(constraints, path));
    if (objectsAt(constraints, "resourceRules").length === 0) {
      errors.push(requiredValue(`${path}.resourceRules`));
    }
  }
  return errors;
}

/** Its conditions, which are not looked at again as long as they stay as they were. */
export function validatePolicyConditions(spec: JsonObject, old: JsonObject | undefined): FieldError[] {
  const same = (field: string) => equalJson(spec[field] ?? null, old?.[field] ?? null);
  if (old && same("paramKind") && same("matchConditions")) return [];
  return validateMatchConditions(spec, scopeOf(spec), "spec.matchConditions");
}

function validatePolicy(policy: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const spec = objectAt(policy, "spec");
  const oldSpec = old && objectAt(old, "spec");
  const composed = new Map<string, CelType>();
  const scope = scopeOf(spec, objectsAt(spec, "variables").length > 0 ? composed : undefined);
  const errors = [
    ...validatePolicyHead(spec),
    ...validatePolicyConditions(spec, oldSpec),
    ...validateVariables(spec, scope, composed, "spec.variables"),
  ];
  const validations = objectsAt(spec, "validations");
  const annotations = objectsAt(spec, "auditAnnotations");
  if (validations.length === 0 && annotations.length === 0) {
    const detail = "validations or auditAnnotations must contain at least one item";
    return [
      ...errors,
      requiredValue("spec.validations", detail),
      requiredValue("spec.auditAnnotations", detail),
    ];
  }
  for (const [index, validation] of validations.entries()) {
    errors.push(...validateValidation(validation, scope, `spec.validations[${index}]`));
  }
  return [...errors, ...validateAnnotations(policy, annotations, scope)];
}

/** What a policy may give for the reason of a refusal (Unauthorized is for servers alone). */
const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

function validateValidation(validation: JsonObject, scope: AdmissionScope, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const expression = textAt(validation, "expression") ?? "";
  if (expression.trim() === "") {
    errors.push(requiredValue(`${path}.expression`, "expression is not specified"));
  } else errors.push(...validateExpression(expression, "condition", scope, `${path}.expression`));
  const made = textAt(validation, "messageExpression");
  if (made?.trim() === "") {
    errors.push(invalidValue(`${path}.messageExpression`, made, "must be non-empty if specified"));
  } else if (made !== undefined) {
    const unasked = { ...scope, authorizer: false };
    errors.push(...validateExpression(made, "message", unasked, `${path}.messageExpression`));
  }
  const message = textAt(validation, "message");
  if (message?.trim() === "") {
    errors.push(invalidValue(`${path}.message`, message, "must be non-empty if specified"));
  } else if (message !== undefined && /[\n\r]/.test(message.trim())) {
    errors.push(invalidValue(`${path}.message`, message, "must not contain line breaks"));
  }
  return [...errors, ...validateChoice(validation.reason, `${path}.reason`, reasons)];
}

const longestAnnotation = 5 * 1024;

function validateAnnotations(
  { metadata }: KubernetesObject,
  annotations: readonly JsonObject[],
  scope: AdmissionScope,
): FieldError[] {
  const path = "spec.auditAnnotations";
  const errors: FieldError[] = [];
  if (annotations.length > 20) {
    errors.push(invalidValue(path, [...annotations], "must not have more than 20 auditAnnotations"));
  }
  const keys = new Set<string>();
  for (const [index, annotation] of annotations.entries()) {
    const at = `${path}[${index}]`;
    const key = textAt(annotation, "key") ?? "";
    errors.push(...invalidText(`${at}.key`, `${metadata.name}/${key}`, checkQualifiedName));
    errors.push(...validateAnnotation(annotation, scope, `${at}.valueExpression`));
    if (keys.has(key)) errors.push(duplicateValue(`${at}.key`, key));
    keys.add(key);
  }
  return errors;
}

function validateAnnotation(annotation: JsonObject, scope: AdmissionScope, path: string): FieldError[] {
  const written = textAt(annotation, "valueExpression") ?? "";
  const expression = written.trim();
  if (expression === "") return [requiredValue(path, "valueExpression is not specified")];
  if (Buffer.byteLength(expression) > longestAnnotation) {
    return [requiredValue(path, `must not exceed ${longestAnnotation} bytes in length`)];
  }
  // What is shown is the expression as it was written.
  return validateExpression(expression, "annotation", scope, path).map((error) => ({
    ...error,
    message: error.message.replace(JSON.stringify(expression), () => JSON.stringify(written)),
  }));
}

function validateParamKind(kind: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const apiVersion = textAt(kind, "apiVersion") ?? "";
  const at = `${path}.apiVersion`;
  const parts = apiVersion.split("/");
  if (apiVersion === "") errors.push(requiredValue(at));
  else if (parts.length > 2) {
    errors.push(invalidValue(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  } else {
    const [version = "", group = ""] = parts.toReversed();
    const wrong = group === "" ? [] : checkDnsSubdomain(group);
    if (wrong.length > 0) errors.push(invalidValue(at, group, wrong.join(",")));
    const faults = checkDns1035Label(version);
    if (version === "") errors.push(invalidValue(at, apiVersion, "version must be specified"));
    else if (faults.length > 0) errors.push(invalidValue(at, version, faults.join(",")));
  }
  const name = textAt(kind, "kind") ?? "";
  if (name === "") return [...errors, requiredValue(`${path}.kind`)];
  const faults = checkDns1035Label(name.toLowerCase());
  if (faults.length === 0) return errors;
  const detail = `may have mixed case, but should otherwise match: ${faults.join(",")}`;
  return [...errors, invalidValue(`${path}.kind`, name, detail)];
}

/** What the bindings of validating and mutating policies have in common. */
export function validateBindingHead(spec: JsonObject): FieldError[] {
  const name = textAt(spec, "policyName");
  const resources = valueAt(spec, "matchResources");
  return [
    ...(name ? invalidText("spec.policyName", name, checkDnsSubdomain) : [requiredValue("spec.policyName")]),
    ...validateParamRef(spec, "spec.paramRef"),
    ...(isJsonObject(resources) ? validateMatchResources(resources, "spec.matchResources") : []),
  ];
}

function validateBinding(binding: KubernetesObject): FieldError[] {
  const spec = objectAt(binding, "spec");
  const errors = validateBindingHead(spec);
  const path = "spec.validationActions";
  const actions = textsAt(spec, "validationActions");
  for (const [index, action] of actions.entries()) {
    errors.push(...validateChoice(action, `${path}[${index}]`, ["Audit", "Deny", "Warn"]));
    if (actions.indexOf(action) < index) errors.push(duplicateValue(`${path}[${index}]`, action));
  }
  if (actions.includes("Deny") && actions.includes("Warn")) {
    const detail =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)";
    errors.push(invalidValue(path, actions, detail));
  }
  if (actions.length === 0) {
    errors.push(requiredValue(path, "at least one validation action is required"));
  }
  return errors;
}

/** By collection. */
export const policyValidators: Readonly<Record<string, Validator>> = {
  "admissionregistration.k8s.io/validatingadmissionpolicies": { validate: validatePolicy },
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": { validate: validateBinding },
};
