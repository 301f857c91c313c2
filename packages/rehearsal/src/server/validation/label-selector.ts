// Label selectors (apimachinery meta/v1/validation ValidateLabelSelector and meta/v1 LabelSelectorAsSelector).
import { type FieldError, matchesLabelSelector } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textsAt } from "../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue } from "../field-error.ts";
import { validateLabels } from "./metadata.ts";
import { checkLabelValue, checkQualifiedName, invalidText } from "./names.ts";

/** What is wrong with a selector; nothing when there is none. */
export function validateLabelSelector(selector: Json | undefined, path: string): FieldError[] {
  if (!isJsonObject(selector)) return [];
  return [
    ...validateLabels(selector.matchLabels, `${path}.matchLabels`),
    ...objectsAt(selector, "matchExpressions").flatMap((expression, index) =>
      validateExpression(expression, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function validateExpression(expression: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const operator = String(expression.operator ?? "");
  const values = textsAt(expression, "values");
  if (operator === "In" || operator === "NotIn") {
    const detail = "must be specified when `operator` is 'In' or 'NotIn'";
    if (values.length === 0) errors.push(requiredValue(`${path}.values`, detail));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) errors.push(forbiddenValue(`${path}.values`, detail));
  } else errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  const key = String(expression.key ?? "");
  errors.push(...invalidText(`${path}.key`, key, checkQualifiedName));
  for (const [index, value] of values.entries()) {
    errors.push(...invalidText(`${path}.values[${index}]`, value, checkLabelValue));
  }
  return errors;
}

/** How a selector that parses matches labels; undefined for one that does not parse. */
export function matchSelector(selector: Json | undefined, labels: JsonObject): boolean | undefined {
  if (!isJsonObject(selector)) return false;
  if (validateLabelSelector(selector, "").length > 0) return undefined;
  return matchesLabelSelector(selector, labels as Record<string, string>);
}

/** How many conditions it has. */
export function countTerms(selector: Json | undefined): number {
  return (
    Object.keys(objectAt(selector, "matchLabels")).length + objectsAt(selector, "matchExpressions").length
  );
}

/** A map as Go writes it. */
export function sortKeys(map: Json | undefined): Json {
  if (!isJsonObject(map)) return map ?? null;
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]): [string, Json] => [key, item ?? null]));
}

/** A selector as its type writes it: fields in its order, without what is empty, labels in the order of their names. */
export function showSelector(selector: Json | undefined): Json {
  if (!isJsonObject(selector)) return selector ?? null;
  const labels = objectAt(selector, "matchLabels");
  const expressions = objectsAt(selector, "matchExpressions");
  return {
    ...(Object.keys(labels).length > 0 ? { matchLabels: sortKeys(labels) } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions.map(showExpression) } : {}),
  };
}

function showExpression({ key, operator, values }: JsonObject): JsonObject {
  const given = Array.isArray(values) && values.length > 0 ? { values } : {};
  return { key: key ?? "", operator: operator ?? "", ...given };
}
