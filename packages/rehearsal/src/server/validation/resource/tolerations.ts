// Taints of devices, and which are tolerated (kubernetes pkg/apis/resource/validation).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectsAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { checkLabelValue, invalidText } from "../names.ts";
import { validateKey } from "./device-names.ts";

const effects = ["NoExecute", "NoSchedule", "None"];

/** The tolerations of a request. */
export function validateDeviceTolerations(request: JsonObject, path: string): FieldError[] {
  return objectsAt(request, "tolerations").flatMap((toleration, index) => {
    const at = `${path}[${index}]`;
    const key = textAt(toleration, "key");
    const effect = textAt(toleration, "effect");
    return [
      ...(key === undefined ? [] : validateKey(key, `${at}.key`)),
      ...validateOperator(textAt(toleration, "operator"), textAt(toleration, "value") ?? "", at),
      ...(effect === undefined || effects.includes(effect)
        ? []
        : [unsupportedValue(`${at}.effect`, effect, effects)]),
    ];
  });
}

function validateOperator(operator: string | undefined, value: string, path: string): FieldError[] {
  switch (operator) {
    case undefined:
      return [requiredValue(`${path}.operator`)];
    case "Exists":
      return value === ""
        ? []
        : [invalidValue(`${path}.value`, value, "must be empty for operator `Exists`")];
    case "Equal":
      return invalidText(`${path}.value`, value, checkLabelValue);
    default:
      return [unsupportedValue(`${path}.operator`, operator, ["Equal", "Exists"])];
  }
}

/** A taint of a device. */
export function validateDeviceTaint(taint: JsonObject, path: string): FieldError[] {
  const effect = textAt(taint, "effect");
  return [
    ...validateKey(textAt(taint, "key") ?? "", `${path}.key`),
    ...invalidText(`${path}.value`, textAt(taint, "value") ?? "", checkLabelValue),
    ...(effect === undefined ? [requiredValue(`${path}.effect`)] : []),
    ...(effect === undefined || effects.includes(effect)
      ? []
      : [unsupportedValue(`${path}.effect`, effect, effects)]),
  ];
}
