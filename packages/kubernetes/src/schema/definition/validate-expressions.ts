// The rules of a definition's schema (`x-kubernetes-validations`).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type Compilation, compileExpression, ruleVariables } from "../cel-check/compile-rule.ts";
import { declaredType } from "../cel-check/declared-type.ts";
import { multiply } from "../cel-cost/amount.ts";
import { declaredSize, mostValues } from "../cel-cost/declared-size.ts";
import { type FieldError, fieldError } from "../field-error.ts";
import { isFieldPath } from "./field-path.ts";
import { internalRule } from "./internal-form.ts";
import { checkExpressionCost, checkTotalCost, partsOf, type RuleCost } from "./rule-costs.ts";
import { childrenOf, type SchemaPlace, validateOpenApi } from "./validate-open-api.ts";

/** How the rules of a schema are looked at. */
export interface RuleOptions {
  /** Whether they are compiled. */
  readonly compile: boolean;
  /** Whether one may cost more than its limit, as the schema was accepted with it before. */
  readonly anyCost: boolean;
}

/** Everything wrong with the rules of a schema and those inside of it. */
export function validateExpressions(
  schema: JsonObject,
  place: SchemaPlace,
  options: RuleOptions,
): FieldError[] {
  const { errors, costs } = examine(schema, place, options, 1);
  return [...errors, ...checkTotalCost(costs, place.path)];
}

/** What is found in a part of a schema. */
interface Examined {
  readonly errors: readonly FieldError[];
  readonly costs: readonly RuleCost[];
  /** Whether nothing but what compiling says is wrong, here and below; else no rule is compiled. */
  readonly compiles: boolean;
}

/** Looks at a part of which there may be so many values in an object; undefined for no bound. */
function examine(
  schema: JsonObject,
  place: SchemaPlace,
  options: RuleOptions,
  values: number | undefined,
): Examined {
  const parts = partsOf(schema, values);
  const below = childrenOf(schema, place).map(([child, at]) => examine(child, at, options, parts));
  const rules = rulesOf(schema);
  const faults = rules.flatMap((rule, index) => validateRule(rule, schema, ruleAt(place.path, index)));
  const compiles = faults.length === 0 && below.every((child) => child.compiles);
  const isClean =
    options.compile && compiles && rules.length > 0 && validateOpenApi(schema, place).length === 0;
  const compiled = isClean ? compileRules(rules, schema, place, options, values) : { errors: [], costs: [] };
  return {
    errors: [...below.flatMap((child) => child.errors), ...faults, ...compiled.errors],
    costs: [...below.flatMap((child) => child.costs), ...compiled.costs],
    compiles,
  };
}

function rulesOf(schema: JsonObject): JsonObject[] {
  const rules = schema["x-kubernetes-validations"];
  return Array.isArray(rules) ? rules.filter(isJsonObject) : [];
}

function ruleAt(path: string, index: number): string {
  return `${path}.x-kubernetes-validations[${index}]`;
}

const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

function validateRule(rule: JsonObject, schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const invalid = (key: string, value: Json, detail: string) =>
    errors.push(fieldError("FieldValueInvalid", `${path}.${key}`, detail, value));
  const [expression, message, fieldPath] = [text(rule.rule), text(rule.message), text(rule.fieldPath)];
  if (expression.trim() === "") {
    errors.push(fieldError("FieldValueRequired", `${path}.rule`, "rule is not specified"));
  } else if (message !== "" && message.trim() === "") {
    invalid("message", message, "must be non-empty if specified");
  } else if (hasLines(message.trim())) {
    invalid("message", message, "must not contain line breaks");
  } else if (hasLines(expression.trim()) && message.trim() === "") {
    const detail = "message must be specified if rule contains line breaks";
    errors.push(fieldError("FieldValueRequired", `${path}.message`, detail));
  }
  const shown = text(rule.messageExpression);
  if (shown !== "" && shown.trim() === "") {
    const detail = "messageExpression must be non-empty if specified";
    errors.push(fieldError("FieldValueRequired", `${path}.messageExpression`, detail));
  }
  if (typeof rule.reason === "string" && !reasons.includes(rule.reason)) {
    const detail = `supported values: ${reasons.map((one) => `"${one}"`).join(", ")}`;
    errors.push(fieldError("FieldValueNotSupported", `${path}.reason`, detail, rule.reason));
  }
  if (fieldPath !== "" && fieldPath.trim() === "") {
    invalid("fieldPath", fieldPath, "must be non-empty if specified");
  }
  if (hasLines(fieldPath)) invalid("fieldPath", fieldPath, "must not contain line breaks");
  if (!isFieldPath(fieldPath, schema)) invalid("fieldPath", fieldPath, "must be a valid path");
  return errors;
}

function compileRules(
  rules: readonly JsonObject[],
  schema: JsonObject,
  place: SchemaPlace,
  { anyCost }: RuleOptions,
  values: number | undefined,
): { readonly errors: FieldError[]; readonly costs: RuleCost[] } {
  const [errors, costs]: [FieldError[], RuleCost[]] = [[], []];
  const [self, size] = [declaredType(schema, place.isRoot), declaredSize(schema, place.isRoot)];
  if (!self || !size) return { errors, costs };
  const count = values ?? mostValues(size);
  const charge = (path: string, name: string, cost: number | undefined) => {
    if (cost === undefined) return;
    costs.push({ path, cost });
    if (!anyCost) errors.push(...checkExpressionCost({ path, cost }, name));
  };
  for (const [index, rule] of rules.entries()) {
    const path = ruleAt(place.path, index);
    const variables = ruleVariables(self, { optionalOldSelf: rule.optionalOldSelf === true });
    const compiled = compileExpression(text(rule.rule), "bool", variables, size);
    const cost = compiled.cost === undefined ? undefined : multiply(compiled.cost, count);
    charge(`${path}.rule`, "estimated rule cost", cost);
    const shown = text(rule.messageExpression);
    errors.push(...ruleFaults(rule, compiled, path));
    if (compiled.fits && shown !== "") {
      const message = compileExpression(shown, "string", variables, size);
      errors.push(...messageFaults(rule, message, path));
      charge(`${path}.messageExpression`, "estimated messageExpression cost", message.cost);
    }
    errors.push(...oldSelfFaults(rule, compiled, path, place));
  }
  return { errors, costs };
}

function invalid(path: string, value: Json, detail: string): FieldError {
  return fieldError("FieldValueInvalid", path, detail, value);
}

function ruleFaults(rule: JsonObject, { failure, fits }: Compilation, path: string): FieldError[] {
  if (failure !== undefined) {
    return [invalid(`${path}.rule`, internalRule(rule), `compilation failed: ${failure}`)];
  }
  return fits ? [] : [invalid(`${path}.rule`, internalRule(rule), "cel expression must evaluate to a bool")];
}

function messageFaults(rule: JsonObject, { failure, fits }: Compilation, path: string): FieldError[] {
  if (fits) return [];
  const detail =
    failure !== undefined
      ? `messageExpression compilation failed: ${failure}`
      : "messageExpression must evaluate to a string";
  return [invalid(`${path}.messageExpression`, internalRule(rule), detail)];
}

function oldSelfFaults(
  rule: JsonObject,
  { usesOldSelf, fits }: Compilation,
  path: string,
  { uncorrelatable }: SchemaPlace,
): FieldError[] {
  if (usesOldSelf && fits) {
    if (uncorrelatable === undefined) return [];
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
    return [invalid(`${path}.rule`, text(rule.rule), detail)];
  }
  if (typeof rule.optionalOldSelf !== "boolean") return [];
  const detail = "may not be set if oldSelf is not used in rule";
  return [invalid(`${path}.optionalOldSelf`, rule.optionalOldSelf, detail)];
}

function hasLines(value: string): boolean {
  return /[\n\r]/.test(value);
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
