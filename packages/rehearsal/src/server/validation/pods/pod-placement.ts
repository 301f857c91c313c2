// Where pods may and should be (kubernetes pkg/apis/core/validation validateAffinity and
// validateTopologySpreadConstraints).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-error.ts";
import { validateLabelSelector } from "../label-selector.ts";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkQualifiedName,
  invalidText,
} from "../names.ts";
import { validateLabelKeys } from "./label-keys.ts";

const hard = "requiredDuringSchedulingIgnoredDuringExecution";
const soft = "preferredDuringSchedulingIgnoredDuringExecution";

/** Checks a pod's affinity at `path`. */
export function validateAffinity(affinity: JsonObject, path: string): FieldError[] {
  return [
    ...validateNodeAffinity(objectAt(affinity, "nodeAffinity"), `${path}.nodeAffinity`),
    ...["podAffinity", "podAntiAffinity"].flatMap((kind) => {
      const at = `${path}.${kind}`;
      return [
        ...objectsAt(affinity, kind, hard).flatMap((term, index) =>
          validatePodTerm(term, `${at}.${hard}[${index}]`),
        ),
        ...objectsAt(affinity, kind, soft).flatMap((entry, index) => {
          const place = `${at}.${soft}[${index}]`;
          const term = objectAt(entry, "podAffinityTerm");
          return [...validateWeight(entry, place), ...validatePodTerm(term, `${place}.podAffinityTerm`)];
        }),
      ];
    }),
  ];
}

function validateWeight(entry: JsonObject, place: string): FieldError[] {
  const weight = numberAt(entry, "weight") ?? 0;
  if (weight > 0 && weight <= 100) return [];
  return [invalidValue(`${place}.weight`, weight, "must be in the range 1-100")];
}

function validateNodeAffinity(affinity: JsonObject, path: string): FieldError[] {
  const required = affinity[hard];
  const errors: FieldError[] = [];
  if (isJsonObject(required)) errors.push(...validateNodeSelector(required, `${path}.${hard}`));
  return [
    ...errors,
    ...objectsAt(affinity, soft).flatMap((entry, index) => {
      const place = `${path}.${soft}[${index}]`;
      // Of what is only preferred the values are not looked at.
      const term = validateNodeTerm(objectAt(entry, "preference"), `${place}.preference`, false);
      return [...validateWeight(entry, place), ...term];
    }),
  ];
}

/** Checks terms of which a node is to meet one. */
export function validateNodeSelector(selector: JsonObject, path: string): FieldError[] {
  const terms = objectsAt(selector, "nodeSelectorTerms");
  const place = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) return [requiredValue(place, "must have at least one node selector term")];
  return terms.flatMap((term, index) => validateNodeTerm(term, `${place}[${index}]`, true));
}

function validateNodeTerm(term: JsonObject, path: string, values: boolean): FieldError[] {
  return [
    ...objectsAt(term, "matchExpressions").flatMap((expression, index) =>
      validateExpression(expression, `${path}.matchExpressions[${index}]`, values),
    ),
    ...objectsAt(term, "matchFields").flatMap((expression, index) =>
      validateField(expression, `${path}.matchFields[${index}]`),
    ),
  ];
}

function validateExpression(expression: JsonObject, path: string, checksValues: boolean): FieldError[] {
  const values = textsAt(expression, "values");
  const operator = textAt(expression, "operator") ?? "";
  return [
    ...validateCount(operator, values.length, path),
    ...invalidText(`${path}.key`, textAt(expression, "key") ?? "", checkQualifiedName),
    ...(checksValues ? values : []).flatMap((value, index) =>
      invalidText(`${path}.values[${index}]`, value, checkLabelValue),
    ),
  ];
}

function validateCount(operator: string, count: number, path: string): FieldError[] {
  const place = `${path}.values`;
  switch (operator) {
    case "In":
    case "NotIn": {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      return count === 0 ? [requiredValue(place, detail)] : [];
    }
    case "Exists":
    case "DoesNotExist": {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return count > 0 ? [forbiddenValue(place, detail)] : [];
    }
    case "Gt":
    case "Lt": {
      const detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
      return count === 1 ? [] : [requiredValue(place, detail)];
    }
    default:
      return [invalidValue(`${path}.operator`, operator, "not a valid selector operator")];
  }
}

function validateField(expression: JsonObject, path: string): FieldError[] {
  const values = textsAt(expression, "values");
  const [key = "", operator = ""] = [textAt(expression, "key"), textAt(expression, "operator")];
  const errors: FieldError[] = [];
  if (operator !== "In" && operator !== "NotIn") {
    errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(requiredValue(`${path}.values`, detail));
  }
  if (key !== "metadata.name") {
    return [...errors, invalidValue(`${path}.key`, key, "not a valid field selector key")];
  }
  return [
    ...errors,
    ...values.flatMap((value, index) => invalidText(`${path}.values[${index}]`, value, checkDnsSubdomain)),
  ];
}

function validatePodTerm(term: JsonObject, path: string): FieldError[] {
  const key = textAt(term, "topologyKey") ?? "";
  return [
    ...validateLabelSelector(term.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
    ...textsAt(term, "namespaces").flatMap((name) => invalidText(`${path}.namespace`, name, checkDnsLabel)),
    ...validateLabelKeys(term, path),
    ...(key === "" ? [requiredValue(`${path}.topologyKey`, "can not be empty")] : []),
    ...invalidText(`${path}.topologyKey`, key, checkQualifiedName),
  ];
}

const actions = ["DoNotSchedule", "ScheduleAnyway"];
const inclusions = ["Honor", "Ignore"];

/** Checks how the pods of a spec at `path` are to be spread. */
export function validateSpread(spec: JsonObject, path: string): FieldError[] {
  const constraints = objectsAt(spec, "topologySpreadConstraints");
  const kinds = constraints.map(({ topologyKey = "", whenUnsatisfiable = "" }) => ({
    topologyKey,
    whenUnsatisfiable,
  }));
  return constraints.flatMap((constraint, index) => {
    const at = `${path}.topologySpreadConstraints[${index}]`;
    const errors: FieldError[] = [];
    const skew = numberAt(constraint, "maxSkew") ?? 0;
    if (skew <= 0) errors.push(invalidValue(`${at}.maxSkew`, skew, "must be greater than zero"));
    const key = textAt(constraint, "topologyKey") ?? "";
    if (key === "") errors.push(requiredValue(`${at}.topologyKey`, "can not be empty"));
    const action = textAt(constraint, "whenUnsatisfiable") ?? "";
    if (!actions.includes(action)) {
      errors.push(unsupportedValue(`${at}.whenUnsatisfiable`, action, actions));
    }
    const isSame = (one: (typeof kinds)[number]) =>
      one.topologyKey === key && one.whenUnsatisfiable === action;
    if (kinds.slice(index + 1).some(isSame)) {
      errors.push(duplicateValue(`${at}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`));
    }
    errors.push(...validateDomains(constraint, action, `${at}.minDomains`));
    for (const field of ["nodeAffinityPolicy", "nodeTaintsPolicy"]) {
      const policy = stringAt(constraint, field);
      if (policy === undefined || inclusions.includes(policy)) continue;
      errors.push(unsupportedValue(`${at}.${field}`, policy, inclusions));
    }
    const selector = validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`);
    return [...errors, ...validateLabelKeys(constraint, at), ...selector];
  });
}

function validateDomains(constraint: JsonObject, action: string, path: string): FieldError[] {
  const count = numberAt(constraint, "minDomains");
  if (count === undefined) return [];
  const errors: FieldError[] = [];
  if (count <= 0) errors.push(invalidValue(path, count, "must be greater than zero"));
  if (action !== "DoNotSchedule") {
    const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
    errors.push(invalidValue(path, count, detail));
  }
  return errors;
}

/** A term of a node selector as the server's own type shows it. */
export function showSelectorTerm(term: JsonObject): JsonObject {
  const show = (list: string): Json =>
    Array.isArray(term[list])
      ? objectsAt(term, list).map(({ key = "", operator = "", values = null }) => ({
          Key: key,
          Operator: operator,
          Values: values,
        }))
      : null;
  return { MatchExpressions: show("matchExpressions"), MatchFields: show("matchFields") };
}
