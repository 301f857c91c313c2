// What a pod asks for as a whole (kubernetes pkg/apis/core/validation validatePodResources). Leaves out the comparison
// with what its containers ask for.
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { textAt } from "../../../admission/read-json.ts";
import { forbiddenValue, unsupportedValue } from "../../field-error.ts";
import { isHugePages, validateResourceName } from "../resource-names.ts";
import { validateResources } from "../resources.ts";

/** The `resources` of the pod whose spec stands at `path`. */
export function validatePodResources({ resources, os }: JsonObject, path: string): FieldError[] {
  if (!isJsonObject(resources)) return [];
  const at = `${path}.resources`;
  if (textAt(os, "name") === "windows") return [forbiddenValue(at, "may not be set for a windows pod")];
  const claims = Array.isArray(resources.claims)
    ? [forbiddenValue(`${at}.claims`, "claims may not be set for Resources at pod-level")]
    : [];
  return [...claims, ...validateResources(resources, at, validatePodResource)];
}

function validatePodResource(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (errors.length > 0 || name === "cpu" || name === "memory" || isHugePages(name)) return errors;
  return [unsupportedValue(path, name, ["cpu", "hugepages-", "memory"])];
}
