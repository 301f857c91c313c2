// Tolerations (kubernetes pkg/apis/core/validation ValidateTolerations).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { textAt } from "../../../admission/read-json.ts";
import { invalidValue, unsupportedValue } from "../../field-error.ts";
import { checkLabelValue, checkQualifiedName, invalidText } from "../names.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** What is wrong with the tolerations of a list at `path`. */
export function validateTolerations(tolerations: readonly JsonObject[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => validateToleration(toleration, `${path}[${index}]`));
}

function validateToleration(toleration: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const [key = "", operator = "", value = "", effect = ""] = ["key", "operator", "value", "effect"].map(
    (field) => textAt(toleration, field),
  );
  if (key !== "") errors.push(...invalidText(`${path}.key`, key, checkQualifiedName));
  if (key === "" && operator !== "Exists") {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidValue(`${path}.operator`, operator, detail));
  }
  if (toleration.tolerationSeconds !== undefined && effect !== "NoExecute") {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.push(invalidValue(`${path}.effect`, effect, detail));
  }
  errors.push(...validateOperator(operator, value, `${path}.operator`));
  if (effect !== "" && !effects.includes(effect)) {
    errors.push(unsupportedValue(`${path}.effect`, effect, effects));
  }
  return errors;
}

function validateOperator(operator: string, value: string, path: string): FieldError[] {
  switch (operator) {
    case "":
    case "Equal": {
      const wrong = checkLabelValue(value);
      return wrong.length > 0 ? [invalidValue(path, value, wrong.join(";"))] : [];
    }
    case "Exists":
      return value === ""
        ? []
        : [invalidValue(path, value, "value must be empty when `operator` is 'Exists'")];
    // Comparing numbers is a feature that is off.
    case "Lt":
    case "Gt":
      return [unsupportedValue(path, operator, ["Equal", "Exists", "Lt", "Gt"])];
    default:
      return [unsupportedValue(path, operator, ["Equal", "Exists"])];
  }
}
