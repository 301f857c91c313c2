// CEL rules of custom resources (`x-kubernetes-validations`; apiextensions schema/cel/validation.go).
import { Optional } from "@marcbachmann/cel-js";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { toCelValue } from "./cel/value.ts";
import { compileCel } from "./cel.ts";
import { type FieldError, type FieldErrorReason, fieldError } from "./field-error.ts";
import { oldItemFinder } from "./list-map.ts";
import type { Schema, SchemaRule } from "./schema.ts";

/**
 * Evaluates every rule of the schema on the object. Rules that read `oldSelf` run only where there is an old value
 * to compare with; on an update the others are not held against values that did not change.
 */
export function validateRules(object: JsonObject, schema: Schema, old: JsonObject | undefined): FieldError[] {
  const errors: FieldError[] = [];
  walk(object, schema, "", old);
  return errors;

  function walk(value: Json, schema: Schema, path: string, old: Json | undefined): void {
    if (value === null || !hasRules(schema)) return;
    for (const rule of schema.rules) checkRule(rule, value, schema, path, old);
    if (Array.isArray(value) && schema.items) {
      const oldItem = oldItemFinder(schema, old);
      const items = schema.items;
      for (const [index, item] of value.entries()) walk(item, items, `${path}[${index}]`, oldItem(item));
    } else if (isJsonObject(value)) walkMap(value, schema, path, old);
  }

  function walkMap(map: JsonObject, schema: Schema, path: string, old: Json | undefined): void {
    const oldMap = schema.mapType === "granular" && isJsonObject(old) ? old : {};
    for (const key in map) {
      const value = map[key];
      if (value === undefined) continue;
      const property = schema.properties?.get(key);
      if (property) walk(value, property, path === "" ? key : `${path}.${key}`, oldMap[key]);
      else if (typeof schema.additional === "object") {
        walk(value, schema.additional, `${path}[${key}]`, oldMap[key]);
      }
    }
  }

  function checkRule(
    rule: SchemaRule,
    value: Json,
    schema: Schema,
    path: string,
    old: Json | undefined,
  ): void {
    const usesOld = /\boldSelf\b/.test(rule.rule);
    if (usesOld && old === undefined && !rule.optionalOldSelf) return;
    if (!usesOld && old !== undefined && equalJson(value, old)) return;
    const field = rule.fieldPath ? `${path}${rule.fieldPath}`.replace(/^\./, "") : path;
    const variables = variablesOf(rule, value, schema, old);
    let passed: unknown;
    try {
      passed = compileCel(rule.rule).run(variables);
    } catch (error) {
      const type = schema.type === "any" ? "" : schema.type;
      errors.push(fieldError("FieldValueInvalid", path, describeFailure(error as Error, rule), type));
      return;
    }
    if (passed === true) return;
    const detail = messageOf(rule, variables);
    const shown = isJsonObject(value) || Array.isArray(value) ? undefined : value;
    errors.push(errorFor(rule, field, detail, shown));
  }
}

function variablesOf(
  rule: SchemaRule,
  value: Json,
  schema: Schema,
  old: Json | undefined,
): Record<string, unknown> {
  const variables: Record<string, unknown> = { self: toCelValue(value, schema) };
  const oldSelf = old === undefined ? undefined : toCelValue(old, schema);
  if (rule.optionalOldSelf)
    variables.oldSelf = oldSelf === undefined ? Optional.none() : Optional.of(oldSelf);
  else if (oldSelf !== undefined) variables.oldSelf = oldSelf;
  return variables;
}

function describeFailure(error: Error, rule: SchemaRule): string {
  const text = (rule.message ?? rule.rule).trim();
  if (error.message.startsWith("ERROR: ")) return `rule compile error: ${error.message}`;
  if (/no matching overload|no such overload/.test(error.message)) {
    return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${text}`;
  }
  return `${error.message} evaluating rule: ${text}`;
}

function messageOf(rule: SchemaRule, variables: Record<string, unknown>): string {
  if (rule.messageExpression) {
    const text = evaluateMessage(rule.messageExpression, variables);
    if (text) return text;
  }
  return rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
}

/** A message expression that fails or gives no single line of text gives way to the plain message. */
function evaluateMessage(expression: string, variables: Record<string, unknown>): string | undefined {
  try {
    const value = compileCel(expression).run(variables);
    const text = typeof value === "string" ? value.trim() : "";
    return text.includes("\n") ? undefined : text;
  } catch {
    return undefined;
  }
}

const reasons = new Set<string>(["FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"]);

function errorFor(rule: SchemaRule, field: string, detail: string, value: Json | undefined): FieldError {
  const reason = reasons.has(rule.reason ?? "") ? (rule.reason as FieldErrorReason) : "FieldValueInvalid";
  if (reason === "FieldValueDuplicate") return fieldError(reason, field, "", value);
  return fieldError(reason, field, detail, reason === "FieldValueInvalid" ? value : undefined);
}

const ruled = new WeakMap<Schema, boolean>();

/** Whether a rule stands here or anywhere below. Custom schemas are trees. */
/** Whether the schema or anything in it has rules. */
export function hasRules(schema: Schema): boolean {
  let answer = ruled.get(schema);
  if (answer === undefined) {
    answer =
      schema.rules.length > 0 ||
      (schema.items !== undefined && hasRules(schema.items)) ||
      (typeof schema.additional === "object" && hasRules(schema.additional)) ||
      [...(schema.properties?.values() ?? [])].some(hasRules);
    ruled.set(schema, answer);
  }
  return answer;
}
