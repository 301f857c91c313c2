// When a single container is started again (kubernetes pkg/apis/core/validation validateContainerRestartPolicy).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectsAt } from "../../../admission/read-json.ts";
import { requiredValue, tooMany, unsupportedValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";

const mostRules = 20;
const mostCodes = 255;

/**
 * Checks the restart policy of a container at `path`, and its rules. Of a container that runs before the others
 * (`isInit`) no rule is looked at where there is no policy.
 */
export function validateRestartRules(container: JsonObject, path: string, isInit = false): FieldError[] {
  const { restartPolicy } = container;
  const rules = objectsAt(container, "restartPolicyRules");
  const field = `${path}.restartPolicy`;
  const missing = restartPolicy === undefined && rules.length > 0;
  const errors = missing
    ? [requiredValue(field, "must specify restartPolicy when restart rules are used")]
    : validateChoice(restartPolicy, field, ["Always", "Never", "OnFailure"]);
  if (missing && isInit) return errors;
  if (rules.length > mostRules) {
    errors.push(tooMany(`${path}.restartPolicyRules`, rules.length, mostRules));
  }
  return [
    ...errors,
    ...rules.flatMap((rule, index) => validateRule(rule, `${path}.restartPolicyRules[${index}]`)),
  ];
}

const actions = ["Restart", "RestartAllContainers"];
const operators = ["In", "NotIn"];

function validateRule({ action = "", exitCodes }: JsonObject, path: string): FieldError[] {
  const errors = validateChoice(action, `${path}.action`, actions);
  if (!isJsonObject(exitCodes)) return [...errors, requiredValue(`${path}.exitCodes`, "must be specified")];
  const { operator = "", values } = exitCodes;
  if (!operators.includes(String(operator))) {
    errors.push(unsupportedValue(`${path}.exitCodes.operator`, operator, operators));
  }
  const count = Array.isArray(values) ? values.length : 0;
  if (count > mostCodes) errors.push(tooMany(`${path}.exitCodes.values`, count, mostCodes));
  return errors;
}
