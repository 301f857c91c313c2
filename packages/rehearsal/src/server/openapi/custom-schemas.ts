// The schemas of custom resources: what their definitions say, with the parts that every object has.
import { builtin } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import type { ServedType } from "../registry.ts";
import { builtinSchemas, schemaNameOf } from "./builtin-schemas.ts";

/** The schemas of the types by name, together with those of metadata. */
export function customSchemas(types: readonly ServedType[]): JsonObject {
  if (types.length === 0) return {};
  const schemas: JsonObject = metadataSchemas();
  for (const type of types) {
    const { group, version, kind } = type;
    const declared = isJsonObject(type.custom?.version.schema) ? type.custom.version.schema : {};
    const schema = isJsonObject(declared.openAPIV3Schema) ? declared.openAPIV3Schema : { type: "object" };
    const properties = isJsonObject(schema.properties) ? schema.properties : {};
    schemas[schemaNameOf(type)] = {
      ...schema,
      properties: {
        ...properties,
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: {
          allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }],
        },
      },
      "x-kubernetes-group-version-kind": [{ group, version, kind }],
    };
  }
  return schemas;
}

/** ObjectMeta and what it refers to, taken from a kind that has nothing else. */
function metadataSchemas(): JsonObject {
  const all = builtinSchemas([builtin("", "ConfigMap")]);
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.includes(".meta.v1.")));
}
