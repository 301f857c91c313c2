// What a pod asks for as a whole (kubernetes pkg/apis/core/validation validatePodResources).
import { compareQuantities, type FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../../admission/read-json.ts";
import { aggregateResources, isOfPods } from "../../../builtin/pod-resources.ts";
import { forbiddenValue, invalidValue, unsupportedValue } from "../../field-error.ts";
import { isHugePages, validateResourceName } from "../resource-names.ts";
import { validateResources } from "../resources.ts";
import { claimNamesOf, validateClaimReferences } from "./resource-claims.ts";

/** The `resources` of the pod whose spec stands at `path`. */
export function validatePodResources(spec: JsonObject, path: string): FieldError[] {
  const { resources, os } = spec;
  if (!isJsonObject(resources)) return [];
  const at = `${path}.resources`;
  if (textAt(os, "name") === "windows") return [forbiddenValue(at, "may not be set for a windows pod")];
  const claims = Array.isArray(resources.claims)
    ? [forbiddenValue(`${at}.claims`, "claims may not be set for Resources at pod-level")]
    : [];
  return [
    ...claims,
    ...validateResources(resources, at, validatePodResource),
    ...validateClaimReferences(objectsAt(resources, "claims"), claimNamesOf(spec), `${at}.claims`),
    ...compareWithContainers(spec, resources, at),
  ];
}

/** The whole is no less than what the containers ask for together, and no container may have more than the whole. */
function compareWithContainers(spec: JsonObject, resources: JsonObject, path: string): FieldError[] {
  const [requests, limits] = [objectAt(resources, "requests"), objectAt(resources, "limits")];
  const errors: FieldError[] = [];
  for (const [name, wanted] of aggregateResources(spec, "requests")) {
    const whole = requests[name];
    if (whole === undefined || compareQuantities(wanted, String(whole)) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container requests of ${wanted}`;
    errors.push(invalidValue(`${path}.requests[${name}]`, whole, detail));
  }
  for (const [name, wanted] of aggregateResources(spec, "limits")) {
    const whole = limits[name];
    if (!isHugePages(name) || whole === undefined || compareQuantities(wanted, String(whole)) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container limits of ${wanted}`;
    errors.push(invalidValue(`${path}.limits[${name}]`, whole, detail));
  }
  for (const [index, container] of objectsAt(spec, "containers").entries()) {
    for (const [name, limit] of Object.entries(objectAt(container, "resources", "limits"))) {
      const whole = limits[name];
      if (whole === undefined || compareQuantities(String(limit), String(whole)) <= 0) continue;
      const detail = `must be less than or equal to pod limits of ${String(whole)}`;
      errors.push(invalidValue(`${path}.containers[${index}][${name}].limits`, limit, detail));
    }
  }
  return errors;
}

function validatePodResource(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (errors.length > 0 || isOfPods(name)) return errors;
  return [unsupportedValue(path, name, ["cpu", "hugepages-", "memory"])];
}
