// Formats of schemas that mean nothing (apiextensions-apiserver's strategy of definitions).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { objectAt, objectsAt } from "../../admission/read-json.ts";

/** Formats of text that mean something (kube-openapi pkg/validation/strfmt, without `-`). */
const formats = new Set(
  "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor byte password date duration datetime".split(
    " ",
  ),
);

/** Every format of text in a definition that the server does not know, once. */
export function formatWarnings(definition: KubernetesObject): string[] {
  const unknown = new Set<string>();
  const look = (schema: Json | undefined): void => {
    if (Array.isArray(schema)) schema.forEach(look);
    if (!isJsonObject(schema)) return;
    const { format, type } = schema;
    if (type === "string" && typeof format === "string" && !formats.has(format.replaceAll("-", ""))) {
      unknown.add(format);
    }
    for (const value of Object.values(schema)) look(value);
  };
  for (const version of objectsAt(definition, "spec", "versions")) look(objectAt(version, "schema"));
  return [...unknown].map((format) => `unrecognized format ${JSON.stringify(format)}`);
}
