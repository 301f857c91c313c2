// What belongs to Jobs whose pods have indexes (kubernetes pkg/apis/batch/validation validateJobSpec and
// validateSuccessPolicy).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectsAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, tooLong, tooMany } from "../../field-error.ts";
import { notNegative } from "../numbers.ts";
import { countIndexes } from "./index-lists.ts";

const MOST_AT_ONCE = 100_000;
const MANY_COMPLETIONS = 100_000;
/** How many may run at once, and how many may fail, where there are many completions. */
const MOST_OF_MANY = 10_000;
const MOST_RULES = 20;
const LONGEST_LIST = 64 * 1024;

/** What is wrong with the numbers of an indexed job's spec at `path`. */
export function validateIndexedCounts(spec: JsonObject, path: string): FieldError[] {
  const [completions, parallelism, failures] = ["completions", "parallelism", "maxFailedIndexes"].map(
    (field) => numberAt(spec, field),
  );
  const errors: FieldError[] = [];
  const limit = (field: string, value: number | undefined, most: number, detail: string) => {
    if (value !== undefined && value > most) errors.push(invalidValue(`${path}.${field}`, value, detail));
  };
  if (completions === undefined) {
    errors.push(requiredValue(`${path}.completions`, "when completion mode is Indexed"));
  }
  const atMost = (count: number) => `must be less than or equal to ${count}`;
  limit("parallelism", parallelism, MOST_AT_ONCE, `${atMost(MOST_AT_ONCE)} when completion mode is Indexed`);
  if (completions !== undefined) {
    limit("maxFailedIndexes", failures, completions, "must be less than or equal to completions");
  }
  limit("maxFailedIndexes", failures, MOST_AT_ONCE, atMost(MOST_AT_ONCE));
  const isLarge = completions !== undefined && completions > MANY_COMPLETIONS;
  if (!isLarge || spec.backoffLimitPerIndex === undefined) return errors;
  if (failures === undefined) {
    const detail = `must be specified when completions is above ${MANY_COMPLETIONS}`;
    errors.push(requiredValue(`${path}.maxFailedIndexes`, detail));
  }
  const detail = `${atMost(MOST_OF_MANY)} when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
  limit("parallelism", parallelism, MOST_OF_MANY, detail);
  limit("maxFailedIndexes", failures, MOST_OF_MANY, detail);
  return errors;
}

/** What is wrong with the success policy of a job's spec at `path`; nothing when it has none. */
export function validateSuccessPolicy(spec: JsonObject, path: string): FieldError[] {
  if (!isJsonObject(spec.successPolicy)) return [];
  const rules = objectsAt(spec, "successPolicy", "rules");
  const place = `${path}.successPolicy`;
  if (textAt(spec, "completionMode") !== "Indexed") {
    const shown = rules.map((rule) => ({
      SucceededIndexes: rule.succeededIndexes ?? null,
      SucceededCount: rule.succeededCount ?? null,
    }));
    return [
      invalidValue(
        place,
        { Rules: Array.isArray(spec.successPolicy.rules) ? shown : null },
        "requires indexed completion mode",
      ),
    ];
  }
  const errors: FieldError[] = [];
  if (rules.length === 0) {
    const detail = "at least one rules must be specified when the successPolicy is specified";
    errors.push(requiredValue(`${place}.rules`, detail));
  }
  if (rules.length > MOST_RULES) errors.push(tooMany(`${place}.rules`, rules.length, MOST_RULES));
  const completions = numberAt(spec, "completions");
  // Here the real server panics.
  if (completions === undefined) return errors;
  return [
    ...errors,
    ...rules.flatMap((rule, index) => validateRule(rule, completions, `${place}.rules[${index}]`)),
  ];
}

function validateRule(rule: JsonObject, completions: number, path: string): FieldError[] {
  const indexes = typeof rule.succeededIndexes === "string" ? rule.succeededIndexes : undefined;
  const count = numberAt(rule, "succeededCount");
  const errors: FieldError[] = [];
  if (count === undefined && indexes === undefined) {
    const detail = "at least one of succeededCount or succeededIndexes must be specified";
    errors.push(requiredValue(path, detail));
  }
  const counted = indexes === undefined ? undefined : countIndexes(indexes, completions);
  if (indexes !== undefined && indexes.length > LONGEST_LIST) {
    errors.push(tooLong(`${path}.succeededIndexes`, LONGEST_LIST));
  }
  if (typeof counted === "string") {
    const detail = `error parsing succeededIndexes: ${counted}`;
    errors.push(invalidValue(`${path}.succeededIndexes`, indexes, detail));
  }
  if (count === undefined) return errors;
  const place = `${path}.succeededCount`;
  errors.push(...notNegative(rule, "succeededCount", path));
  const limit = (most: number, what: string) => {
    if (count > most)
      errors.push(invalidValue(place, count, `must be less than or equal to ${most} (${what})`));
  };
  limit(completions, "the number of specified completions");
  if (counted !== undefined) {
    const total = typeof counted === "number" ? counted : 0;
    limit(total, "the number of indexes in the specified succeededIndexes field");
  }
  return errors;
}

/** A policy as the server's own type shows it. */
export function showSuccessPolicy(policy: Json | undefined): Json | undefined {
  if (!isJsonObject(policy)) return policy;
  const showRule = ({ succeededIndexes = null, succeededCount = null }: JsonObject): Json => ({
    SucceededIndexes: succeededIndexes,
    SucceededCount: succeededCount,
  });
  return { Rules: Array.isArray(policy.rules) ? policy.rules.filter(isJsonObject).map(showRule) : null };
}
