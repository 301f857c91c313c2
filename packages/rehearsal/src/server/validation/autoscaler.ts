// HorizontalPodAutoscalers (kubernetes pkg/apis/autoscaling/validation).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../field-error.ts";
import { checkDnsLabel, checkPathSegment, invalidText } from "./names.ts";
import { amount, validateQuantity } from "./numbers.ts";
import { validateContainerResource } from "./resource-names.ts";
import type { Validator } from "./validator.ts";

/** What is wrong with an autoscaler, in the words of autoscaling/v2. */
function validateScaler(object: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const spec = objectAt(object, "spec");
  const least = numberAt(spec, "minReplicas");
  const most = numberAt(spec, "maxReplicas") ?? 0;
  if (least !== undefined && least < 1) {
    errors.push(invalidValue("spec.minReplicas", least, "must be greater than or equal to 1"));
  }
  if (most === 0) errors.push(requiredValue("spec.maxReplicas", "must be set and greater than 0"));
  if (most < 0) errors.push(invalidValue("spec.maxReplicas", most, "must be greater than or equal to 1"));
  if (least !== undefined && most < least) {
    errors.push(invalidValue("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"));
  }
  const [target, before] = [object, old].map((one) => objectAt(one, "spec", "scaleTargetRef"));
  const isKept =
    old !== undefined && before?.kind === target?.kind && before?.apiVersion === target?.apiVersion;
  const group = isKept ? "kept" : target?.kind === "ReplicationController" ? "any" : "needed";
  errors.push(...validateTargetReference(target ?? {}, "spec.scaleTargetRef", group));
  const metrics = objectsAt(spec, "metrics");
  for (const [index, metric] of metrics.entries()) {
    errors.push(...validateMetric(metric, `spec.metrics[${index}]`));
  }
  if (least === 0 && !metrics.some(({ type }) => type === "Object" || type === "External")) {
    const detail = "must specify at least one Object or External metric to support scaling to zero replicas";
    errors.push(forbiddenValue("spec.metrics", detail));
  }
  for (const direction of ["scaleUp", "scaleDown"]) {
    const rules = objectAt(spec, "behavior")[direction];
    if (rules)
      errors.push(
        ...validateScalingRules(objectAt(spec, "behavior", direction), `spec.behavior.${direction}`),
      );
  }
  return errors;
}

/** `group`: whether the apiVersion must have one, may be without, or is that of before and not looked at. */
function validateTargetReference(
  reference: JsonObject,
  path: string,
  group: "needed" | "any" | "kept",
): FieldError[] {
  const errors = validatePathName(reference, "kind", path, "");
  errors.push(...validatePathName(reference, "name", path, ""));
  if (group === "kept") return errors;
  const apiVersion = textAt(reference, "apiVersion") ?? "";
  const parts = apiVersion.split("/");
  if (parts.length > 2) {
    errors.push(
      invalidValue(`${path}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`),
    );
  } else if ((parts.length < 2 || parts[0] === "") && group === "needed") {
    errors.push(invalidValue(`${path}.apiVersion`, apiVersion, "apiVersion must specify API group"));
  }
  return errors;
}

function validatePathName(object: JsonObject, field: string, path: string, detail: string): FieldError[] {
  const value = textAt(object, field);
  if (!value) return [requiredValue(`${path}.${field}`, detail)];
  return invalidText(`${path}.${field}`, value, checkPathSegment);
}

/** Which field holds what a type of metric needs. */
const sources: Readonly<Record<string, string>> = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
};
const metricTypes = ["ContainerResource", "External", "Object", "Pods", "Resource"];

function validateMetric(metric: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type = textAt(metric, "type") ?? "";
  if (type === "") errors.push(requiredValue(`${path}.type`, "must specify a metric source type"));
  if (!metricTypes.includes(type)) errors.push(unsupportedValue(`${path}.type`, type, metricTypes));
  const present = Object.values(sources).filter((field) => metric[field]);
  const [first] = present;
  if (first) errors.push(...validateSource(first, objectAt(metric, first), `${path}.${first}`));
  const expected = sources[type];
  if (expected === undefined) errors.push(unsupportedValue(`${path}.type`, type, metricTypes));
  else if (!metric[expected]) {
    errors.push(
      requiredValue(`${path}.${expected}`, "must populate information for the given metric source"),
    );
  }
  if (present.length !== 1) {
    for (const other of present.filter((field) => field !== expected)) {
      errors.push(forbiddenValue(`${path}.${other}`, "must populate the given metric source only"));
    }
  }
  return errors;
}

function validateSource(kind: string, source: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const target = objectAt(source, "target");
  const at = `${path}.target`;
  if (kind === "resource" || kind === "containerResource") {
    const name = textAt(source, "name");
    if (!name) errors.push(requiredValue(`${path}.name`, "must specify a resource name"));
    if (kind === "containerResource") {
      if (name) errors.push(...validateContainerResource(name, `${path}.name`));
      const container = textAt(source, "container");
      if (container) errors.push(...invalidText(`${path}.container`, container, checkDnsLabel));
      else errors.push(requiredValue(`${path}.container`, "must specify a container"));
    }
    errors.push(...validateTarget(target, at));
    if (target.averageUtilization === undefined && target.averageValue === undefined) {
      const detail = "must set either a target raw value or a target utilization";
      errors.push(requiredValue(`${at}.averageUtilization`, detail));
    }
    if (target.averageUtilization !== undefined && target.averageValue !== undefined) {
      const detail = "may not set both a target raw value and a target utilization";
      errors.push(forbiddenValue(`${at}.averageValue`, detail));
    }
    return errors;
  }
  if (kind === "object") {
    const described = objectAt(source, "describedObject");
    errors.push(...validateTargetReference(described, `${path}.describedObject`, "any"));
  }
  const metric = objectAt(source, "metric");
  errors.push(...validatePathName(metric, "name", `${path}.metric`, "must specify a metric name"));
  errors.push(...validateTarget(target, at));
  if (kind === "pods") {
    const detail = "must specify a positive target averageValue";
    if (target.averageValue === undefined) errors.push(requiredValue(`${at}.averageValue`, detail));
  } else if (target.value === undefined && target.averageValue === undefined) {
    const detail =
      kind === "object"
        ? "must set either a target value or averageValue"
        : "must set either a target value for metric or a per-pod target";
    errors.push(requiredValue(`${at}.averageValue`, detail));
  }
  if (kind === "external" && target.value !== undefined && target.averageValue !== undefined) {
    const detail = "may not set both a target value for metric and a per-pod target";
    errors.push(forbiddenValue(`${at}.value`, detail));
  }
  return errors;
}

function validateTarget(target: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type = textAt(target, "type") ?? "";
  if (type === "") errors.push(requiredValue(`${path}.type`, "must specify a metric target type"));
  if (!["Utilization", "Value", "AverageValue"].includes(type)) {
    errors.push(invalidValue(`${path}.type`, type, "must be either Utilization, Value, or AverageValue"));
  }
  for (const field of ["value", "averageValue"]) {
    const value = target[field];
    if (value !== undefined && !(amount(value) > 0)) {
      errors.push(invalidValue(`${path}.${field}`, value, "must be positive"));
    }
  }
  const utilization = numberAt(target, "averageUtilization");
  if (utilization !== undefined && utilization < 1) {
    errors.push(invalidValue(`${path}.averageUtilization`, utilization, "must be greater than 0"));
  }
  return errors;
}

function validateScalingRules(rules: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const window = numberAt(rules, "stabilizationWindowSeconds");
  const at = `${path}.stabilizationWindowSeconds`;
  if (window !== undefined && window < 0) {
    errors.push(invalidValue(at, window, "must be greater than or equal to zero"));
  }
  if (window !== undefined && window > 3600) {
    errors.push(invalidValue(at, window, "must be less than or equal to 3600"));
  }
  const select = rules.selectPolicy;
  const selects = ["Disabled", "Max", "Min"];
  if (select !== undefined && !selects.includes(String(select))) {
    errors.push(unsupportedValue(`${path}.selectPolicy`, select, selects));
  }
  const policies = objectsAt(rules, "policies");
  if (policies.length === 0)
    errors.push(requiredValue(`${path}.policies`, "must specify at least one Policy"));
  for (const [index, policy] of policies.entries()) {
    errors.push(...validateScalingPolicy(policy, `${path}.policies[${index}]`));
  }
  if (rules.tolerance !== undefined) errors.push(...validateQuantity(rules.tolerance, `${path}.tolerance`));
  return errors;
}

function validateScalingPolicy(policy: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const types = ["Percent", "Pods"];
  if (!types.includes(String(policy.type))) {
    errors.push(unsupportedValue(`${path}.type`, policy.type ?? "", types));
  }
  const [value, period] = [numberAt(policy, "value") ?? 0, numberAt(policy, "periodSeconds") ?? 0];
  if (value <= 0) errors.push(invalidValue(`${path}.value`, value, "must be greater than zero"));
  if (period <= 0) errors.push(invalidValue(`${path}.periodSeconds`, period, "must be greater than zero"));
  if (period > 1800) {
    errors.push(invalidValue(`${path}.periodSeconds`, period, "must be less than or equal to 1800"));
  }
  return errors;
}

/** By collection. */
export const scalingValidators: Readonly<Record<string, Validator>> = {
  "autoscaling/horizontalpodautoscalers": { validate: validateScaler },
};
