// Formats of a definition's schemas that mean nothing (apiextensions pkg/apiserver/validation/formats.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { objectAt, objectsAt } from "../../admission/read-json.ts";

/** Those of texts, without `-`. */
const ofTexts =
  "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor byte password date duration datetime k8sshortname k8slongname";

/** The formats that each type knows; other types know none. */
const known: Readonly<Record<string, ReadonlySet<string>>> = {
  "": new Set(ofTexts.split(" ")),
  string: new Set(ofTexts.split(" ")),
  integer: new Set(["int32", "int64"]),
  number: new Set(["float", "double"]),
};

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
  const isText = type === "" || type === "string";
  const isKnown = known[type]?.has(isText ? format.replaceAll("-", "") : format);
  return isKnown ? below : [format, ...below];
}
