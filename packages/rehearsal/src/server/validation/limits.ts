// LimitRanges (kubernetes pkg/apis/core/validation).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { duplicateValue, forbiddenValue, invalidValue, requiredValue } from "../field-error.ts";
import { checkQualifiedName, invalidText } from "./names.ts";
import { amount } from "./numbers.ts";
import { validateContainerResource, validateResourceName } from "./resource-names.ts";
import type { Validator } from "./validator.ts";

const limitTypes = ["Pod", "Container", "PersistentVolumeClaim"];

function validateLimitRange(object: KubernetesObject): FieldError[] {
  const seen = new Set<string>();
  return objectsAt(object, "spec", "limits").flatMap((limit, index) => {
    const path = `spec.limits[${index}]`;
    const type = textAt(limit, "type") ?? "";
    const errors = invalidText(`${path}.type`, type, checkQualifiedName);
    if (errors.length === 0 && !type.includes("/") && !limitTypes.includes(type)) {
      errors.push(invalidValue(`${path}.type`, type, "must be a standard limit type or fully qualified"));
    }
    if (seen.has(type)) errors.push(duplicateValue(`${path}.type`, type));
    seen.add(type);
    return [...errors, ...validateLimit(limit, type, path)];
  });
}

function validateLimit(limit: JsonObject, type: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const keys = new Set<string>();
  const check = type === "Pod" || type === "Container" ? validateContainerResource : validateResourceName;
  const take = (field: string): void => {
    for (const name of Object.keys(objectAt(limit, field))) {
      errors.push(...check(name, `${path}.${field}[${name}]`));
      keys.add(name);
    }
  };
  take("max");
  take("min");
  for (const field of ["default", "defaultRequest"]) {
    if (type !== "Pod") take(field);
    else if (Object.keys(objectAt(limit, field)).length > 0) {
      errors.push(forbiddenValue(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  const hasStorage = "storage" in objectAt(limit, "min") || "storage" in objectAt(limit, "max");
  if (type === "PersistentVolumeClaim" && !hasStorage) {
    const detail = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(requiredValue(`${path}.limits`, detail));
  }
  take("maxLimitRequestRatio");
  for (const name of keys) errors.push(...compareLimits(limit, name, path, type === "Pod"));
  return errors;
}

function compareLimits(limit: JsonObject, name: string, path: string, isPod: boolean): FieldError[] {
  const of = (field: string) => objectAt(limit, field)[name];
  const [least, most, ratio] = [of("min"), of("max"), of("maxLimitRequestRatio")];
  const standard = isPod ? undefined : of("default");
  const request = isPod ? undefined : of("defaultRequest");
  const above = (a: typeof least, b: typeof least) =>
    a !== undefined && b !== undefined && amount(a) > amount(b);
  const errors: FieldError[] = [];
  const fail = (field: string, value: typeof least, detail: string) =>
    errors.push(invalidValue(`${path}.${field}[${name}]`, value, detail));
  if (above(least, most)) fail("min", least, `min value ${least} is greater than max value ${most}`);
  if (above(least, request)) {
    fail("defaultRequest", request, `min value ${least} is greater than default request value ${request}`);
  }
  if (above(request, most)) {
    fail("defaultRequest", request, `default request value ${request} is greater than max value ${most}`);
  }
  if (above(request, standard)) {
    fail(
      "defaultRequest",
      request,
      `default request value ${request} is greater than default limit value ${standard}`,
    );
  }
  if (above(least, standard)) {
    fail("default", least, `min value ${least} is greater than default value ${standard}`);
  }
  if (above(standard, most))
    fail("default", most, `default value ${standard} is greater than max value ${most}`);
  if (ratio !== undefined && amount(ratio) < 1) {
    fail("maxLimitRequestRatio", ratio, `ratio ${ratio} is less than 1`);
  }
  if (ratio !== undefined && least !== undefined && most !== undefined) {
    const limitOfRatio = amount(most) / amount(least);
    if (amount(ratio) > limitOfRatio) {
      const detail = `ratio ${ratio} is greater than max/min = ${limitOfRatio.toFixed(6)}`;
      fail("maxLimitRequestRatio", ratio, detail);
    }
  }
  return errors;
}

/** By collection. */
export const limitValidators: Readonly<Record<string, Validator>> = {
  "/limitranges": { validate: validateLimitRange },
};
