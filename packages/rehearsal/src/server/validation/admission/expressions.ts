// The expressions of webhooks and policies (kubernetes pkg/apis/admissionregistration/validation).
import {
  type AdmissionScope,
  admissionVariables,
  type CelType,
  compileAdmission,
  type ExpressionKind,
  type FieldError,
} from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectsAt, textAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue, tooMany } from "../../field-error.ts";
import { checkQualifiedName, invalidText } from "../names.ts";

/** Refuses an expression that does not compile, or gives something else than it is to give. */
export function validateExpression(
  expression: string,
  kind: ExpressionKind,
  scope: AdmissionScope,
  path: string,
): FieldError[] {
  const { detail } = compileAdmission(expression, kind, admissionVariables(scope));
  return detail === undefined ? [] : [invalidValue(path, expression, detail)];
}

/** The conditions of a webhook or policy. */
export function validateMatchConditions(
  holder: JsonObject,
  scope: AdmissionScope,
  path: string,
): FieldError[] {
  const conditions = objectsAt(holder, "matchConditions");
  const errors = conditions.length > 64 ? [tooMany(path, conditions.length, 64)] : [];
  const names = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    const at = `${path}[${index}]`;
    const expression = textAt(condition, "expression")?.trim();
    errors.push(
      ...(expression
        ? validateExpression(expression, "condition", scope, `${at}.expression`)
        : [requiredValue(`${at}.expression`)]),
    );
    const name = textAt(condition, "name");
    if (!name) {
      errors.push(requiredValue(`${at}.name`));
      continue;
    }
    errors.push(...invalidText(`${at}.name`, name, checkQualifiedName));
    if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
    names.add(name);
  }
  return errors;
}

const reserved = new Set(
  `true false null in as break const continue else for function if import let loop package namespace return var void
  while`.split(/\s+/),
);

/** The variables of a policy, which are added to `composed` with their types for what comes after them. */
export function validateVariables(
  spec: JsonObject,
  scope: AdmissionScope,
  composed: Map<string, CelType>,
  path: string,
): FieldError[] {
  return objectsAt(spec, "variables").flatMap((variable, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(variable, "name") ?? "";
    const errors: FieldError[] = [];
    if (name.trim() === "") errors.push(requiredValue(`${at}.name`, "name is not specified"));
    else if (!/^[_a-zA-Z]\w*$/.test(name) || reserved.has(name)) {
      errors.push(invalidValue(`${at}.name`, name, "must be a valid CEL identifier"));
    }
    const expression = textAt(variable, "expression") ?? "";
    if (expression.trim() === "") {
      return [...errors, requiredValue(`${at}.expression`, "expression is not specified")];
    }
    const { detail, type } = compileAdmission(expression, "variable", admissionVariables(scope));
    composed.set(name, type);
    if (detail !== undefined) errors.push(invalidValue(`${at}.expression`, expression, detail));
    return errors;
  });
}
