// The rules of a definition's schema (`x-kubernetes-validations`).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { compileCel } from "../cel.ts";
import { type FieldError, fieldError } from "../field-error.ts";
import { isFieldPath } from "./field-path.ts";
import { internalRule } from "./internal-form.ts";
import { childrenOf, type SchemaPlace } from "./validate-open-api.ts";

/** Everything wrong with the rules of a schema and those inside of it; they are compiled only with `compile`. */
export function validateExpressions(
  schema: JsonObject,
  place: SchemaPlace,
  options: { readonly compile: boolean },
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [child, at] of childrenOf(schema, place)) {
    errors.push(...validateExpressions(child, at, options));
  }
  const rules = rulesOf(schema);
  const faults = rules.flatMap((rule, index) => validateRule(rule, schema, ruleAt(place.path, index)));
  errors.push(...faults);
  if (!options.compile || faults.length > 0) return errors;
  return [...errors, ...rules.flatMap((rule, index) => compileRule(rule, ruleAt(place.path, index)))];
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

function compileRule(rule: JsonObject, path: string): FieldError[] {
  const shown = text(rule.messageExpression);
  return [
    ...compile(text(rule.rule), rule, `${path}.rule`, "compilation failed: "),
    ...(shown === ""
      ? []
      : compile(shown, rule, `${path}.messageExpression`, "messageExpression compilation failed: ")),
  ];
}

function compile(expression: string, rule: JsonObject, path: string, prefix: string): FieldError[] {
  try {
    compileCel(expression);
    return [];
  } catch (error) {
    const detail = `${prefix}${(error as Error).message}`;
    return [fieldError("FieldValueInvalid", path, detail, internalRule(rule))];
  }
}

function hasLines(value: string): boolean {
  return /[\n\r]/.test(value);
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
