// How much of a shared device's capacity one may ask for (kubernetes pkg/apis/resource/validation
// validateRequestPolicy).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { forbiddenValue, invalidValue, requiredValue } from "../../field-error.ts";
import { amount } from "../numbers.ts";
import { validateSet } from "./lists.ts";

/** The policy of a capacity of which there is so much. */
export function validateRequestPolicy(
  capacity: Json | undefined,
  policy: JsonObject,
  path: string,
): FieldError[] {
  const values = Array.isArray(policy.validValues) ? policy.validValues : [];
  const { validRange: range, default: usual } = policy;
  if (values.length > 0 && isJsonObject(range)) {
    const detail = `exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time`;
    return [forbiddenValue(path, detail)];
  }
  if (values.length === 0 && !isJsonObject(range)) return [];
  const field = values.length > 0 ? "validValues" : "validRange";
  if (usual === undefined || usual === null) {
    return [requiredValue(`${path}.default`, `required when ${field} is defined`)];
  }
  return isJsonObject(range)
    ? validateRange(usual, capacity, range, `${path}.validRange`)
    : validateValues(usual, capacity, values, `${path}.validValues`);
}

function validateValues(
  usual: Json,
  capacity: Json | undefined,
  values: readonly Json[],
  path: string,
): FieldError[] {
  const unsorted = values.flatMap((value, index) =>
    index > 0 && amount(values[index - 1]) > amount(value)
      ? [invalidValue(`${path}[${index}]`, value, "values must be sorted in ascending order")]
      : [],
  );
  const check = (value: Json, at: string) =>
    amount(value) > amount(capacity)
      ? [invalidValue(at, value, `option is larger than capacity value: ${String(capacity)}`)]
      : [];
  const whole = (value: Json) => String(Math.ceil(amount(value)));
  const known = values.length > 10 || values.some((value) => amount(value) === amount(usual));
  return [
    ...unsorted,
    ...validateSet(values, path, 10, check, whole),
    ...(known && values.length <= 10
      ? []
      : [invalidValue(path, usual, "default value is not valid according to the requestPolicy")]),
  ];
}

function validateRange(
  usual: Json,
  capacity: Json | undefined,
  { min, max, step }: JsonObject,
  path: string,
): FieldError[] {
  if (min === undefined || min === null) {
    return [requiredValue(`${path}.min`, "required when validRange is defined")];
  }
  const errors: FieldError[] = [];
  const refuse = (wrong: boolean, field: string, value: Json, detail: string) => {
    if (wrong) errors.push(invalidValue(`${path}.${field}`, value, detail));
  };
  const all = amount(capacity);
  const largest = `larger than capacity value: ${String(capacity)}`;
  refuse(amount(min) > all, "min", min, `min is ${largest}`);
  refuse(amount(usual) < amount(min), "min", usual, `default is less than min: ${String(min)}`);
  if (max !== undefined && max !== null) {
    refuse(amount(min) > amount(max), "max", min, `min is larger than max: ${String(max)}`);
    refuse(amount(max) > all, "max", max, `max is ${largest}`);
    refuse(amount(usual) > amount(max), "max", usual, `default is more than max: ${String(max)}`);
  }
  if (step === undefined || step === null) return errors;
  const sum = amount(min) + amount(step);
  refuse(sum > all, "step", step, `one step ${sum} is ${largest}`);
  const steps = `value is not a multiple of a given step (${String(step)}) from (${String(min)})`;
  for (const value of [usual, max]) {
    if (value === undefined || value === null) continue;
    refuse((amount(value) - amount(min)) % amount(step) !== 0, "step", value, steps);
  }
  return errors;
}
