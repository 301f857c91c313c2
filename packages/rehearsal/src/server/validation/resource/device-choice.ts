// How devices are chosen and set up, in claims and in classes (kubernetes pkg/apis/resource/validation).
import { type FieldError, selectorProblem } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectsAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, tooLong } from "../../field-error.ts";
import { validateDriverName } from "../pods/volume-sources.ts";
import { validateItems } from "./lists.ts";

const LONGEST = 10 * 1024;

/** Expressions that choose devices. */
export function validateSelectors(holder: JsonObject, path: string): FieldError[] {
  return validateItems(objectsAt(holder, "selectors"), path, 32, ({ cel }, at) => {
    if (!isJsonObject(cel)) return [requiredValue(`${at}.cel`)];
    const expression = textAt(cel, "expression") ?? "";
    const place = `${at}.cel.expression`;
    if (expression.length > LONGEST) return [tooLong(place, LONGEST)];
    const problem = selectorProblem(expression);
    return problem === undefined ? [] : [invalidValue(place, expression, problem)];
  });
}

/** What a driver is told of a device. */
export function validateConfiguration({ opaque }: JsonObject, path: string): FieldError[] {
  const at = `${path}.opaque`;
  if (!isJsonObject(opaque)) return [requiredValue(at)];
  return [
    ...validateDriverName(textAt(opaque, "driver"), `${at}.driver`),
    ...validateParameters(opaque.parameters, `${at}.parameters`),
  ];
}

/** An object of somebody else's. */
export function validateParameters(parameters: Json | undefined, path: string): FieldError[] {
  if (parameters === undefined || parameters === null) return [requiredValue(path)];
  if (JSON.stringify(parameters).length > LONGEST) return [tooLong(path, LONGEST)];
  if (isJsonObject(parameters)) return [];
  return [invalidValue(path, "<value omitted>", "must be a valid JSON object")];
}
