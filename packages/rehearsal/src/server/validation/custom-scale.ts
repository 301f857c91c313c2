// The numbers that a custom kind's scale subresource reads (apiextensions-apiserver pkg/registry/customresource).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { formatGo } from "../../fields/format-go.ts";
import { invalidValue } from "../field-error.ts";

const most = 2 ** 31 - 1;

/** What is wrong with them in an object; `scale` is the declaration of the version's subresource. */
export function validateCustomScale(
  object: KubernetesObject,
  scale: Json | undefined,
  { statusOnly = false } = {},
): FieldError[] {
  if (!isJsonObject(scale)) return [];
  const paths = statusOnly ? ["statusReplicasPath"] : ["specReplicasPath", "statusReplicasPath"];
  return paths.flatMap((name) => {
    const path = scale[name];
    return typeof path === "string" ? validateNumber(object, path) : [];
  });
}

function validateNumber(object: JsonObject, path: string): FieldError[] {
  let value: Json | undefined = object;
  const keys = path.split(".").filter((part) => part !== "");
  for (const [index, key] of keys.entries()) {
    if (value === null || value === undefined) return [];
    if (!isJsonObject(value)) {
      const place = `.${keys.slice(0, index + 1).join(".")}`;
      const detail = `${place} accessor error: ${formatGo(value)} is of the type ${goType(value)}, expected map[string]interface{}`;
      return [invalidValue(path, 0, detail)];
    }
    value = value[key];
  }
  if (value === undefined) return [];
  if (typeof value !== "number" || !Number.isInteger(value)) {
    const detail = `${path} accessor error: ${formatGo(value)} is of the type ${goType(value)}, expected int64`;
    return [invalidValue(path, 0, detail)];
  }
  if (value < 0) return [invalidValue(path, value, "should be a non-negative integer")];
  if (value > most) return [invalidValue(path, value, `should be less than or equal to ${most}`)];
  return [];
}

function goType(value: Json): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (isJsonObject(value)) return "map[string]interface {}";
  if (value === null) return "<nil>";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : "string";
}
