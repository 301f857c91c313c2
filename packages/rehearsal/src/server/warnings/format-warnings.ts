// Formats of a definition's schemas that mean nothing (apiextensions pkg/apiserver/validation/formats.go).
import { isFormatOf, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { objectAt, objectsAt } from "../../admission/read-json.ts";

/** A warning for each unknown format that `old`, which the definition replaces, did not have. */
export function formatWarnings(definition: KubernetesObject, old?: KubernetesObject): string[] {
  const before = new Set(old ? unknownFormats(old) : []);
  const formats = [...new Set(unknownFormats(definition))].filter((format) => !before.has(format));
  return formats.map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

function unknownFormats(definition: KubernetesObject): string[] {
  return objectsAt(definition, "spec", "versions").flatMap((version) =>
    formatsIn(objectAt(version, "schema")),
  );
}

function formatsIn(schema: Json | undefined): string[] {
  if (Array.isArray(schema)) return schema.flatMap(formatsIn);
  if (!isJsonObject(schema)) return [];
  const { format, type = "" } = schema;
  const below = Object.values(schema).flatMap(formatsIn);
  if (typeof format !== "string" || format === "" || typeof type !== "string") return below;
  return isFormatOf(type, format) ? below : [format, ...below];
}
