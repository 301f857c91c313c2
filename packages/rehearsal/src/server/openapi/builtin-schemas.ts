// The schemas of built-in kinds in OpenAPI's notation.
import type { ResourceType, Schema } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { builtinSchema } from "../../builtin/schemas.ts";
import type { ServedType } from "../registry.ts";

/** The name of a type's schema: `io.k8s.api.apps.v1.Deployment`, `com.example.v1.Widget`. */
export function schemaNameOf({ group, version, kind, custom }: ServedType): string {
  if (custom) return `${group.split(".").reverse().join(".")}.${version}.${kind}`;
  const schema = builtinSchema(group, version, kind);
  return schema?.typeName ? fullName(schema.typeName) : `io.k8s.api.${group || "core"}.${version}.${kind}`;
}

/** The packages whose types the generated names abbreviate. */
const packages: Readonly<Record<string, string>> = {
  meta: "io.k8s.apimachinery.pkg.apis",
  api: "io.k8s.apimachinery.pkg",
  runtime: "io.k8s.apimachinery.pkg",
  util: "io.k8s.apimachinery.pkg",
  version: "io.k8s.apimachinery.pkg",
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis",
  apiregistration: "io.k8s.kube-aggregator.pkg.apis",
};

function fullName(typeName: string): string {
  return `${packages[typeName.split(".")[0] ?? ""] ?? "io.k8s.api"}.${typeName}`;
}

/** The schemas of the types and of everything that they refer to, by name. */
export function builtinSchemas(types: readonly ResourceType[]): JsonObject {
  const schemas: JsonObject = {};
  const waiting: Schema[] = [];
  const kinds = new Map<string, JsonObject[]>();
  for (const { group, version, kind } of types) {
    const schema = builtinSchema(group, version, kind);
    if (!schema?.typeName) continue;
    waiting.push(schema);
    kinds.set(schema.typeName, [{ group, version, kind }]);
  }
  for (let schema = waiting.pop(); schema; schema = waiting.pop()) {
    const name = schema.typeName as string;
    if (fullName(name) in schemas) continue;
    const gvk = kinds.get(name);
    schemas[fullName(name)] = {
      ...describe(schema, (referred) => waiting.push(referred)),
      ...(gvk ? { "x-kubernetes-group-version-kind": gvk } : {}),
    };
  }
  return schemas;
}

/** A named type where it stands in another: a reference, with what its place adds. */
function place(schema: Schema, refer: (schema: Schema) => void): JsonObject {
  const extras = patchExtras(schema);
  if (!schema.typeName) return { ...describe(schema, refer), ...extras };
  refer(schema);
  const reference: JsonObject = { $ref: `#/components/schemas/${fullName(schema.typeName)}` };
  return { allOf: [reference], ...withDefault(schema), ...extras };
}

function describe(schema: Schema, refer: (schema: Schema) => void): JsonObject {
  if (schema.intOrString || schema.typeName === "util.intstr.IntOrString") {
    return { oneOf: [{ type: "integer" }, { type: "string" }], format: "int-or-string" };
  }
  if (schema.typeName === "api.resource.Quantity") {
    return { oneOf: [{ type: "string" }, { type: "number" }] };
  }
  const { properties, items, additional, required, limits } = schema;
  return {
    ...(schema.type === "any" ? {} : { type: schema.type }),
    ...(limits?.format ? { format: limits.format } : {}),
    ...(limits?.enum ? { enum: [...limits.enum] } : {}),
    ...(required.length > 0 ? { required: [...required] } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            [...properties].map(([name, property]): [string, Json] => [name, place(property, refer)]),
          ),
        }
      : {}),
    ...(typeof additional === "object" ? { additionalProperties: place(additional, refer) } : {}),
    ...(items ? { items: place(items, refer) } : {}),
    ...(schema.type === "array" ? listExtras(schema) : {}),
    ...(schema.mapType === "atomic" ? { "x-kubernetes-map-type": "atomic" } : {}),
    ...(schema.typeName ? {} : withDefault(schema)),
  };
}

function withDefault(schema: Schema): JsonObject {
  return schema.default === undefined ? {} : { default: schema.default };
}

function listExtras({ listType, listKeys }: Schema): JsonObject {
  return {
    "x-kubernetes-list-type": listType,
    ...(listKeys.length > 0 ? { "x-kubernetes-list-map-keys": [...listKeys] } : {}),
  };
}

function patchExtras({ patchStrategy, patchMergeKey }: Schema): JsonObject {
  return {
    ...(patchStrategy.length > 0 ? { "x-kubernetes-patch-strategy": patchStrategy.join(",") } : {}),
    ...(patchMergeKey ? { "x-kubernetes-patch-merge-key": patchMergeKey } : {}),
  };
}
