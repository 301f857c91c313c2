// The rules of a definition's schema (`x-kubernetes-validations`).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { compileExpression, ruleVariables } from "../cel-check/compile-rule.ts";
import { declaredType } from "../cel-check/declared-type.ts";
import type { CelType } from "../cel-check/types.ts";
import { type FieldError, fieldError } from "../field-error.ts";
import { isFieldPath } from "./field-path.ts";
import { internalRule } from "./internal-form.ts";
import { childrenOf, type SchemaPlace, validateOpenApi } from "./validate-open-api.ts";

/** Everything wrong with the rules of a schema and those inside of it; they are compiled only with `compile`. */
export function validateExpressions(
  schema: JsonObject,
  place: SchemaPlace,
  options: { readonly compile: boolean },
): FieldError[] {
  return examine(schema, place, options).errors;
}

/** `compiles`: whether nothing but what compiling says is wrong, here and below; else no rule is compiled. */
function examine(
  schema: JsonObject,
  place: SchemaPlace,
  options: { readonly compile: boolean },
): { readonly errors: FieldError[]; readonly compiles: boolean } {
  const below = childrenOf(schema, place).map(([child, at]) => examine(child, at, options));
  const errors = below.flatMap((child) => child.errors);
  const rules = rulesOf(schema);
  const faults = rules.flatMap((rule, index) => validateRule(rule, schema, ruleAt(place.path, index)));
  const compiles = faults.length === 0 && below.every((child) => child.compiles);
  const isClean =
    options.compile && compiles && rules.length > 0 && validateOpenApi(schema, place).length === 0;
  const self = isClean ? declaredType(schema, place.isRoot) : undefined;
  const compiled = self ? rules.flatMap((rule, index) => compileRule(rule, index, self, place)) : [];
  return { errors: [...errors, ...faults, ...compiled], compiles };
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

function compileRule(rule: JsonObject, index: number, self: CelType, place: SchemaPlace): FieldError[] {
  const path = ruleAt(place.path, index);
  const { uncorrelatable } = place;
  const variables = ruleVariables(self, { optionalOldSelf: rule.optionalOldSelf === true });
  const compiled = compileExpression(text(rule.rule), "bool", variables);
  const invalid = (key: string, value: Json, detail: string) =>
    fieldError("FieldValueInvalid", `${path}.${key}`, detail, value);
  const shown = text(rule.messageExpression);
  const errors: FieldError[] = [];
  if (compiled.failure !== undefined) {
    errors.push(invalid("rule", internalRule(rule), `compilation failed: ${compiled.failure}`));
  } else if (!compiled.fits) {
    errors.push(invalid("rule", internalRule(rule), "cel expression must evaluate to a bool"));
  } else if (shown !== "") {
    const { failure, fits } = compileExpression(shown, "string", variables);
    const detail =
      failure !== undefined
        ? `messageExpression compilation failed: ${failure}`
        : "messageExpression must evaluate to a string";
    if (!fits) errors.push(invalid("messageExpression", internalRule(rule), detail));
  }
  if (compiled.usesOldSelf && compiled.fits && uncorrelatable !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
    errors.push(invalid("rule", text(rule.rule), detail));
  } else if (!(compiled.usesOldSelf && compiled.fits) && typeof rule.optionalOldSelf === "boolean") {
    const detail = "may not be set if oldSelf is not used in rule";
    errors.push(invalid("optionalOldSelf", rule.optionalOldSelf, detail));
  }
  return errors;
}

function hasLines(value: string): boolean {
  return /[\n\r]/.test(value);
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
