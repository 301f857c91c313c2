// Amounts of resources, and what containers ask for (kubernetes pkg/apis/core/validation
// validateResourceRequirements).
import { type FieldError, parseQuantity } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt } from "../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue } from "../field-error.ts";
import { amount, validateQuantity } from "./numbers.ts";
import { isHugePages, isWhole, mayOvercommit, validateContainerResource } from "./resource-names.ts";

/** What is wrong with the name of a resource. */
type NameCheck = (name: string, path: string) => FieldError[];

/** An amount of a resource: not negative, and whole where there is only a whole number of it. */
export function validateResourceAmount(name: string, value: Json | undefined, path: string): FieldError[] {
  const errors = validateQuantity(value, path);
  if (isWhole(name) && !Number.isInteger(amount(value))) {
    errors.push(invalidValue(path, value, "must be an integer"));
  }
  return errors;
}

/** The `limits` and `requests` of a container, at `path`, or of what may ask for other resources, as `checkName` says. */
export function validateResources(
  resources: JsonObject,
  path: string,
  checkName: NameCheck = validateContainerResource,
): FieldError[] {
  const [limits, requests] = [objectAt(resources, "limits"), objectAt(resources, "requests")];
  const errors: FieldError[] = [];
  for (const [name, value] of Object.entries(limits)) {
    errors.push(...validateResource(name, value, `${path}.limits[${name}]`, checkName));
  }
  for (const [name, value] of Object.entries(requests)) {
    errors.push(...validateResource(name, value, `${path}.requests[${name}]`, checkName));
    errors.push(...compareWithLimit(name, value, limits[name], path));
  }
  const asked = Object.keys({ ...limits, ...requests });
  if (asked.some(isHugePages) && !asked.includes("cpu") && !asked.includes("memory")) {
    errors.push(forbiddenValue(path, "HugePages require cpu or memory"));
  }
  return errors;
}

function validateResource(
  name: string,
  value: Json | undefined,
  path: string,
  checkName: NameCheck,
): FieldError[] {
  const errors = [...checkName(name, path), ...validateResourceAmount(name, value, path)];
  if (isHugePages(name) && !isWholePages(name, value)) {
    errors.push(invalidValue(path, value, `${String(value)} is not positive integer multiple of ${name}`));
  }
  return errors;
}

function isWholePages(name: string, value: Json | undefined): boolean {
  const size = parseQuantity(name.slice("hugepages-".length));
  return size !== undefined && Number(size) > 0 && amount(value) % Number(size) === 0;
}

function compareWithLimit(
  name: string,
  value: Json | undefined,
  limit: Json | undefined,
  path: string,
): FieldError[] {
  if (limit === undefined) {
    if (mayOvercommit(name)) return [];
    return [requiredValue(`${path}.limits`, "Limit must be set for non overcommitable resources")];
  }
  const [wanted, most] = [amount(value), amount(limit)];
  if (wanted !== most && !mayOvercommit(name)) {
    return [invalidValue(`${path}.requests`, value, `must be equal to ${name} limit of ${String(limit)}`)];
  }
  if (wanted <= most) return [];
  const detail = `must be less than or equal to ${name} limit of ${String(limit)}`;
  return [invalidValue(`${path}.requests`, value, detail)];
}
