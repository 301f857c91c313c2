// What the rules of a schema may cost in all (apiextensions pkg/apis/apiextensions/validation, cel_validation.go).
import type { JsonObject } from "@slipway/yaml";
import { add, most, multiply } from "../cel-cost/amount.ts";
import { type FieldError, fieldError } from "../field-error.ts";

/** What an expression costs with as many values as there may be. */
export interface RuleCost {
  /** Where it stands. */
  readonly path: string;
  readonly cost: number;
}

/** The most that one expression may cost, by estimate. */
const expressionLimit = 10_000_000;
/** The most that all expressions of a schema may cost. */
const schemaLimit = 100_000_000;

/**
 * How many values of a schema's parts there may be where there are `values` of its own. Undefined without a bound:
 * some list or map around it has no limit.
 */
export function partsOf(schema: JsonObject, values: number | undefined): number | undefined {
  if (values === undefined) return undefined;
  const { type, additionalProperties, maxProperties, maxItems } = schema;
  if (type === "object" && (additionalProperties ?? null) !== null) return limited(values, maxProperties);
  return type === "array" ? limited(values, maxItems) : values;
}

function limited(values: number, limit: unknown): number | undefined {
  return typeof limit === "number" ? multiply(values, Math.max(0, limit)) : undefined;
}

/** What is wrong with an expression that costs so much; `name` is what is estimated. */
export function checkExpressionCost({ path, cost }: RuleCost, name: string): FieldError[] {
  if (cost <= expressionLimit) return [];
  return [fieldError("FieldValueForbidden", path, exceeds(name, cost, expressionLimit))];
}

/** What is wrong with a schema of which the expressions cost so much; the dearest four are named. */
export function checkTotalCost(costs: readonly RuleCost[], path: string): FieldError[] {
  const total = costs.reduce((sum, { cost }) => add(sum, cost), 0);
  if (total <= schemaLimit) return [];
  const dearest = costs
    .filter(({ cost }) => cost >= schemaLimit / 100)
    .sort((a, b) => b.cost - a.cost)
    .slice(0, 4);
  const cause = "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
  const name = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
  return [
    ...dearest.map((rule) => fieldError("FieldValueForbidden", rule.path, cause)),
    fieldError("FieldValueForbidden", path, exceeds(name, total, schemaLimit)),
  ];
}

function exceeds(name: string, cost: number, limit: number): string {
  const hint =
    "try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared";
  return `${name} exceeds budget by factor of ${formatFactor(Math.min(cost, most) / limit)} (${hint})`;
}

function formatFactor(factor: number): string {
  if (factor > 100) return "more than 100x";
  // So little above the limit that one digit would not show it.
  return factor < 1.5 ? `${factor.toFixed(6)}x` : `${oneDigit(factor)}x`;
}

/** As Go rounds: a half goes to the even digit. */
function oneDigit(value: number): string {
  const isHalf = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  const digit = Math.floor(value * 10);
  return isHalf ? ((digit % 2 === 0 ? digit : digit + 1) / 10).toFixed(1) : value.toFixed(1);
}
