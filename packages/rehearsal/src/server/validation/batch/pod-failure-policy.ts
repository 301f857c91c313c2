// What a Job's failed pods lead to (kubernetes pkg/apis/batch/validation validatePodFailurePolicy).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectsAt, textAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue, tooMany, unsupportedValue } from "../../field-error.ts";
import { checkQualifiedName, invalidText } from "../names.ts";

const MOST_RULES = 20;
const MOST_PATTERNS = 20;
const MOST_VALUES = 255;
const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];

/** What is wrong with the pod failure policy of a job's spec at `path`; nothing when it has none. */
export function validatePodFailurePolicy(spec: JsonObject, path: string): FieldError[] {
  const rules = objectsAt(spec, "podFailurePolicy", "rules");
  const place = `${path}.podFailurePolicy.rules`;
  const containers = ["containers", "initContainers"].flatMap((list) =>
    objectsAt(spec, "template", "spec", list).map(({ name }) => name),
  );
  return [
    ...(rules.length > MOST_RULES ? [tooMany(place, rules.length, MOST_RULES)] : []),
    ...rules.flatMap((rule, index) => {
      const at = `${place}[${index}]`;
      const { onExitCodes } = rule;
      const patterns = objectsAt(rule, "onPodConditions");
      return [
        ...validateAction(rule, spec.backoffLimitPerIndex !== undefined, `${at}.action`),
        ...(isJsonObject(onExitCodes) ? validateExitCodes(onExitCodes, containers, `${at}.onExitCodes`) : []),
        ...validateConditions(patterns, `${at}.onPodConditions`),
        ...validateChoice(isJsonObject(onExitCodes), patterns.length > 0, at),
      ];
    }),
  ];
}

function validateAction(rule: JsonObject, limitsIndexes: boolean, place: string): FieldError[] {
  const action = textAt(rule, "action");
  if (action !== "FailIndex") return validateOneOf(action, actions, place);
  return limitsIndexes ? [] : [invalidValue(place, action, "requires the backoffLimitPerIndex to be set")];
}

function validateOneOf(value: string | undefined, valid: readonly string[], place: string): FieldError[] {
  if (value === undefined) {
    return [requiredValue(place, `valid values: [${valid.map((one) => JSON.stringify(one)).join(" ")}]`)];
  }
  return valid.includes(value) ? [] : [unsupportedValue(place, value, valid)];
}

function validateChoice(byCodes: boolean, byConditions: boolean, place: string): FieldError[] {
  if (byCodes !== byConditions) return [];
  const detail = byCodes
    ? "specifying both OnExitCodes and OnPodConditions is not supported"
    : "specifying one of OnExitCodes and OnPodConditions is required";
  return [{ field: place, reason: "FieldValueInvalid", message: `Invalid value: ${detail}` }];
}

function validateExitCodes(codes: JsonObject, containers: readonly unknown[], path: string): FieldError[] {
  const operator = textAt(codes, "operator");
  const errors = validateOneOf(operator, operators, `${path}.operator`);
  const { containerName } = codes;
  if (typeof containerName === "string" && !containers.includes(containerName)) {
    const detail = "must be one of the container or initContainer names in the pod template";
    errors.push(invalidValue(`${path}.containerName`, containerName, detail));
  }
  const place = `${path}.values`;
  const values = Array.isArray(codes.values) ? codes.values : [];
  if (values.length === 0) {
    errors.push(invalidValue(place, codes.values ?? null, "at least one value is required"));
  } else if (values.length > MOST_VALUES) errors.push(tooMany(place, values.length, MOST_VALUES));
  for (const [index, value] of values.entries()) {
    const at = `${place}[${index}]`;
    if (operator === "In" && value === 0) {
      errors.push(invalidValue(at, value, "must not be 0 for the In operator"));
    }
    if (values.indexOf(value) < index) errors.push(duplicateValue(at, value));
  }
  const isOrdered = values.every((value, index) => index === 0 || Number(values[index - 1]) <= Number(value));
  return isOrdered ? errors : [...errors, invalidValue(place, values, "must be ordered")];
}

function validateConditions(patterns: readonly JsonObject[], path: string): FieldError[] {
  return [
    ...(patterns.length > MOST_PATTERNS ? [tooMany(path, patterns.length, MOST_PATTERNS)] : []),
    ...patterns.flatMap((pattern, index) => [
      ...invalidText(`${path}[${index}].type`, textAt(pattern, "type") ?? "", checkQualifiedName),
      ...validateOneOf(textAt(pattern, "status"), statuses, `${path}[${index}].status`),
    ]),
  ];
}

/** A policy as the server's own type shows it. */
export function showPodFailurePolicy(policy: Json | undefined): Json | undefined {
  if (!isJsonObject(policy)) return policy;
  const showRule = ({ action = "", onExitCodes, onPodConditions }: JsonObject): Json => ({
    Action: action,
    OnExitCodes: isJsonObject(onExitCodes)
      ? {
          ContainerName: onExitCodes.containerName ?? null,
          Operator: onExitCodes.operator ?? "",
          Values: onExitCodes.values ?? null,
        }
      : null,
    OnPodConditions: Array.isArray(onPodConditions)
      ? onPodConditions
          .filter(isJsonObject)
          .map(({ type = "", status = "" }) => ({ Type: type, Status: status }))
      : null,
  });
  return { Rules: Array.isArray(policy.rules) ? policy.rules.filter(isJsonObject).map(showRule) : null };
}
