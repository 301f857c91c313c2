import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "../field-error.ts";

/** What is wrong with the paths of a scale subresource (ValidateCustomResourceDefinitionSubresources). */
export function validateSubresources(subresources: Json | undefined, path: string): FieldError[] {
  const scale = isJsonObject(subresources) ? subresources.scale : undefined;
  if (!isJsonObject(scale)) return [];
  return [
    ...validatePath(scale, "specReplicasPath", [".spec."], `${path}.scale.specReplicasPath`),
    ...validatePath(scale, "statusReplicasPath", [".status."], `${path}.scale.statusReplicasPath`),
    ...(scale.labelSelectorPath
      ? validatePath(scale, "labelSelectorPath", [".spec.", ".status."], `${path}.scale.labelSelectorPath`)
      : []),
  ];
}

function validatePath(scale: JsonObject, key: string, under: readonly string[], field: string): FieldError[] {
  const value = scale[key];
  if (typeof value !== "string" || value === "") return [fieldError("FieldValueRequired", field, "")];
  if (!value.startsWith(".")) {
    return [fieldError("FieldValueInvalid", field, "must be a simple json path starting with .", value)];
  }
  if (under.some((prefix) => value.startsWith(prefix))) return [];
  const places = under.map((prefix) => prefix.slice(0, -1));
  const where = places.length === 1 ? places[0] : `either ${places.join(" or ")}`;
  return [fieldError("FieldValueInvalid", field, `should be a json path under ${where}`, value)];
}
