// Roles and their bindings (kubernetes pkg/apis/rbac/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../../admission/read-json.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../field-error.ts";
import { validateLabelSelector } from "./label-selector.ts";
import { checkDnsSubdomain, checkPathSegment, invalidText } from "./names.ts";
import type { Validator } from "./validator.ts";

function validateClusterRole(role: KubernetesObject): FieldError[] {
  const errors = validateRules(role, true);
  const selectors = objectsAt(role, "aggregationRule", "clusterRoleSelectors");
  const path = "aggregationRule.clusterRoleSelectors";
  if (role.aggregationRule && selectors.length === 0) {
    const detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
    errors.push(requiredValue(path, detail));
  }
  for (const [index, selector] of selectors.entries()) {
    const wrong = validateLabelSelector(selector, `${path}[${index}]`);
    errors.push(...wrong);
    if (wrong.length > 0) errors.push(invalidValue(`${path}[${index}]`, null, "invalid label selector."));
  }
  return errors;
}

function validateRules(role: KubernetesObject, clusterWide: boolean): FieldError[] {
  return objectsAt(role, "rules").flatMap((rule, index) => {
    const path = `rules[${index}]`;
    const errors: FieldError[] = [];
    if (textsAt(rule, "verbs").length === 0 && !(Array.isArray(rule.verbs) && rule.verbs.length > 0)) {
      errors.push(requiredValue(`${path}.verbs`, "verbs must contain at least one value"));
    }
    if (textsAt(rule, "nonResourceURLs").length > 0) {
      if (!clusterWide) {
        const detail = "namespaced rules cannot apply to non-resource URLs";
        errors.push(invalidValue(`${path}.nonResourceURLs`, rule.nonResourceURLs, detail));
      }
      if (["apiGroups", "resources", "resourceNames"].some((field) => textsAt(rule, field).length > 0)) {
        const detail = "rules cannot apply to both regular resources and non-resource URLs";
        errors.push(invalidValue(`${path}.nonResourceURLs`, rule.nonResourceURLs, detail));
      }
      return errors;
    }
    if (textsAt(rule, "apiGroups").length === 0) {
      errors.push(requiredValue(`${path}.apiGroups`, "resource rules must supply at least one api group"));
    }
    if (textsAt(rule, "resources").length === 0) {
      errors.push(requiredValue(`${path}.resources`, "resource rules must supply at least one resource"));
    }
    return errors;
  });
}

function validateBinding(binding: KubernetesObject, namespaced: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const role = objectAt(binding, "roleRef");
  if (role.apiGroup !== "rbac.authorization.k8s.io") {
    errors.push(unsupportedValue("roleRef.apiGroup", role.apiGroup ?? "", ["rbac.authorization.k8s.io"]));
  }
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(String(role.kind)))
    errors.push(unsupportedValue("roleRef.kind", role.kind ?? "", kinds));
  const name = textAt(role, "name");
  errors.push(
    ...(name ? invalidText("roleRef.name", name, checkPathSegment) : [requiredValue("roleRef.name")]),
  );
  for (const [index, subject] of objectsAt(binding, "subjects").entries()) {
    errors.push(...validateSubject(subject, namespaced, `subjects[${index}]`));
  }
  return errors;
}

function validateSubject(subject: JsonObject, namespaced: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(subject, "name");
  const group = textAt(subject, "apiGroup") ?? "";
  if (!name) errors.push(requiredValue(`${path}.name`));
  if (subject.kind === "ServiceAccount") {
    if (name) errors.push(...invalidText(`${path}.name`, name, checkDnsSubdomain));
    if (group !== "") errors.push(unsupportedValue(`${path}.apiGroup`, group, [""]));
    if (!namespaced && !subject.namespace) errors.push(requiredValue(`${path}.namespace`));
  } else if (subject.kind === "User" || subject.kind === "Group") {
    if (group !== rbac) errors.push(unsupportedValue(`${path}.apiGroup`, group, [rbac]));
  } else {
    const kinds = ["ServiceAccount", "User", "Group"];
    errors.push(unsupportedValue(`${path}.kind`, subject.kind ?? "", kinds));
  }
  return errors;
}

const rbac = "rbac.authorization.k8s.io";

function validateBindingUpdate(binding: KubernetesObject, old: KubernetesObject): FieldError[] {
  if (equalJson(binding.roleRef, old.roleRef)) return [];
  const { apiGroup = "", kind = "", name = "" } = objectAt(binding, "roleRef");
  // The real server shows the Go struct.
  return [invalidValue("roleRef", { APIGroup: apiGroup, Kind: kind, Name: name }, "cannot change roleRef")];
}

export const accessValidators: Readonly<Record<string, Validator>> = {
  "rbac.authorization.k8s.io/roles": { validate: (role) => validateRules(role, false) },
  "rbac.authorization.k8s.io/clusterroles": { validate: validateClusterRole },
  "rbac.authorization.k8s.io/rolebindings": {
    validate: (binding) => validateBinding(binding, true),
    validateUpdate: validateBindingUpdate,
  },
  "rbac.authorization.k8s.io/clusterrolebindings": {
    validate: (binding) => validateBinding(binding, false),
    validateUpdate: validateBindingUpdate,
  },
};
