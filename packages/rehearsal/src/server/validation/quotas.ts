// ResourceQuotas (kubernetes pkg/apis/core/validation ValidateResourceQuota).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { equalJson } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt, valueAt } from "../../admission/read-json.ts";
import { invalidValue, requiredValue } from "../field-error.ts";
import { isQuotaResource, validateResourceName } from "./resource-names.ts";
import { validateResourceAmount } from "./resources.ts";
import type { Validator } from "./validator.ts";

const computeResources = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];

/** Of each scope, the standard resources that can be counted in it. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  BestEffort: ["pods"],
  CrossNamespacePodAffinity: ["pods", ...computeResources],
  NotBestEffort: ["pods", ...computeResources],
  NotTerminating: ["pods", ...computeResources],
  PriorityClass: ["pods", ...computeResources],
  Terminating: ["pods", ...computeResources],
  VolumeAttributesClass: ["persistentvolumeclaims", "requests.storage"],
};

/** Amounts by resource at `path`. */
export function validateQuotaAmounts(amounts: JsonObject, path: string): FieldError[] {
  return Object.entries(amounts).flatMap(([name, value]) => {
    const place = `${path}[${name}]`;
    const errors = validateResourceName(name, place);
    if (!name.includes("/") && !isQuotaResource(name)) {
      errors.push(invalidValue(place, name, "must be a standard resource for quota"));
    }
    return [...errors, ...validateResourceAmount(name, value, place)];
  });
}

function validateQuota({ spec }: KubernetesObject): FieldError[] {
  const hard = objectAt(spec, "hard");
  const named = textsAt(spec, "scopes");
  const path = "spec.scopes";
  return [
    ...validateQuotaAmounts(hard, "spec.hard"),
    ...named.flatMap((scope) => [
      ...(Object.hasOwn(scopes, scope) ? [] : [invalidValue(path, [...named], "unsupported scope")]),
      ...uncounted(scope, hard, () =>
        invalidValue(path, [...named], "unsupported scope applied to resource"),
      ),
    ]),
    ...conflicting(named, invalidValue(path, [...named], "conflicting scopes")),
    ...validateScopeSelector(objectAt(spec), hard),
  ];
}

/** One error for each standard resource of a quota that means nothing in a scope. */
function uncounted(scope: string, hard: JsonObject, fail: () => FieldError): FieldError[] {
  const counted = Object.hasOwn(scopes, scope) ? scopes[scope] : undefined;
  if (!counted) return [];
  return Object.keys(hard)
    .filter((name) => isQuotaResource(name) && !counted.includes(name))
    .map(fail);
}

function conflicting(named: readonly string[], error: FieldError): FieldError[] {
  const pairs = [
    ["BestEffort", "NotBestEffort"],
    ["Terminating", "NotTerminating"],
  ];
  return pairs.filter((pair) => pair.every((scope) => named.includes(scope))).map(() => error);
}

/** Scopes that are or are not, without values. */
const plainScopes = [
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
];

function validateScopeSelector(spec: JsonObject, hard: JsonObject): FieldError[] {
  const path = "spec.scopeSelector.matchExpressions";
  const requirements = objectsAt(spec, "scopeSelector", "matchExpressions");
  const errors = requirements.flatMap((requirement) => {
    const scope = textAt(requirement, "scopeName") ?? "";
    return [
      ...(Object.hasOwn(scopes, scope)
        ? []
        : [invalidValue(`${path}.scopeName`, scope, "unsupported scope")]),
      ...uncounted(scope, hard, () =>
        invalidValue(path, inGo(requirements), "unsupported scope applied to resource"),
      ),
      ...validateOperator(requirement, scope, path),
    ];
  });
  const named = requirements.map((requirement) => textAt(requirement, "scopeName") ?? "");
  // The real server shows the other list of scopes here.
  const shown = Array.isArray(spec.scopes) ? spec.scopes : null;
  return [...errors, ...conflicting(named, invalidValue(path, shown, "conflicting scopes"))];
}

function validateOperator(requirement: JsonObject, scope: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const operator = textAt(requirement, "operator") ?? "";
  const values = textsAt(requirement, "values");
  if (plainScopes.includes(scope) && operator !== "Exists") {
    const detail =
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    errors.push(invalidValue(`${path}.operator`, operator, detail));
  }
  if (operator === "In" || operator === "NotIn") {
    const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    if (values.length === 0) errors.push(requiredValue(`${path}.values`, detail));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (values.length > 0) errors.push(invalidValue(`${path}.values`, values, detail));
  } else errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  return errors;
}

/** A selector with its fields as the server's own type has them. */
function inGo(requirements: readonly JsonObject[]): Json {
  return {
    MatchExpressions: requirements.map(({ scopeName = "", operator = "", values = null }) => ({
      ScopeName: scopeName,
      Operator: operator,
      Values: values,
    })),
  };
}

/** Which scopes there are may not change; how often one is named may. */
function validateScopesUpdate(quota: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [now, before] = [quota, old].map(({ spec }) => new Set(textsAt(spec, "scopes")));
  if (equalJson([...(now ?? [])].sort(), [...(before ?? [])].sort())) return [];
  return [invalidValue("spec.scopes", valueAt(quota.spec, "scopes") ?? null, "field is immutable")];
}

/** By collection. */
export const quotaValidators: Readonly<Record<string, Validator>> = {
  "/resourcequotas": {
    validate: (quota, old) => [...validateQuota(quota), ...(old ? validateScopesUpdate(quota, old) : [])],
  },
};
