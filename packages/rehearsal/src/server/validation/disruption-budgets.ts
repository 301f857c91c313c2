// PodDisruptionBudgets (kubernetes pkg/apis/policy/validation).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import { objectAt } from "../../admission/read-json.ts";
import { invalidValue, unsupportedValue } from "../field-error.ts";
import { showSelector, validateLabelSelector } from "./label-selector.ts";
import { validatePercent, validateWhole } from "./numbers.ts";
import type { Validator } from "./validator.ts";

/** What is wrong with a disruption budget. */
function validateDisruptionBudget(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const errors: FieldError[] = [];
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    // The real server shows the Go struct.
    const shown: Json = {
      MinAvailable: spec.minAvailable,
      Selector: showSelector(spec.selector),
      MaxUnavailable: spec.maxUnavailable,
      UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
    };
    errors.push(invalidValue("spec", shown, "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const field of ["minAvailable", "maxUnavailable"]) {
    errors.push(
      ...validatePercent(spec[field], `spec.${field}`),
      ...validateWhole(spec[field], `spec.${field}`),
    );
  }
  errors.push(...validateLabelSelector(spec.selector, "spec.selector"));
  const policy = spec.unhealthyPodEvictionPolicy;
  const policies = ["AlwaysAllow", "IfHealthyBudget"];
  if (policy !== undefined && !policies.includes(String(policy))) {
    errors.push(unsupportedValue("spec.unhealthyPodEvictionPolicy", policy, policies));
  }
  return errors;
}

/** By collection. */
export const budgetValidators: Readonly<Record<string, Validator>> = {
  "policy/poddisruptionbudgets": { validate: validateDisruptionBudget },
};
