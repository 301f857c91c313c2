// What a mutation of a policy makes of an object (apiserver admission/plugin/policy/mutating/patch).
import {
  builtin,
  type KubernetesObject,
  parseSchema,
  type ResourceType,
  type Schema,
} from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { builtinSchema } from "../builtin/schemas.ts";
import { applyJsonPatch } from "../fields/json-patch.ts";
import { mergeTyped } from "../fields/typed/merge.ts";
import { asList, asMap, fieldSchema, itemSchema } from "../fields/typed/shape.ts";
import { validateTyped } from "../fields/typed/validate.ts";
import { type Activation, evaluate } from "./activation.ts";
import type { AdmissionReader } from "./admission.ts";
import { objectAt, objectsAt, textAt } from "./read-json.ts";

const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");

/** The object as a mutation changes it. Throws an Error with the reason for which it cannot. */
export function mutateObject(
  mutation: JsonObject,
  object: KubernetesObject,
  activation: Activation,
  schema: Schema,
): KubernetesObject {
  const isPatch = mutation.patchType === "JSONPatch";
  const field = isPatch ? "jsonPatch" : "applyConfiguration";
  const result = evaluate(textAt(mutation, field, "expression") ?? "", activation);
  if ("failure" in result) throw new Error(result.failure);
  const value = toJson(result.value);
  return isPatch ? patchObject(object, value) : applyTo(object, value, schema);
}

/** The schema by which configurations are applied to objects of a type. */
export function appliedSchema(type: ResourceType, reader: AdmissionReader): Schema | undefined {
  const known = builtinSchema(type.group, type.version, type.kind);
  if (known) return known;
  const definition = reader.get(definitions, undefined, `${type.resource}.${type.group}`);
  const version = objectsAt(definition, "spec", "versions").find(({ name }) => name === type.version);
  return version && parseSchema(objectAt(version, "schema", "openAPIV3Schema"));
}

function patchObject(object: KubernetesObject, patch: Json): KubernetesObject {
  try {
    return applyJsonPatch(object, patch) as KubernetesObject;
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    // A test that fails keeps the patch from being applied, and is no error.
    if (/^testing value .* failed/.test(reason)) return object;
    throw new Error(`JSON Patch: ${reason}`, { cause });
  }
}

function applyTo(object: KubernetesObject, configuration: Json, schema: Schema): KubernetesObject {
  const { apiVersion, kind } = object;
  const applied = { ...(isJsonObject(configuration) ? configuration : {}), apiVersion, kind };
  const faults = validateTyped(applied, schema);
  if (faults.length > 0) {
    const list = faults.length === 1 ? faults[0] : `errors:\n${faults.map((one) => `  ${one}`).join("\n")}`;
    throw new Error(`error applying patch: failed to convert patch object to typed object: ${list}`);
  }
  const atomic = findAtomics(applied, schema, "");
  if (atomic.length > 0) {
    const list = atomic.join(", ");
    throw new Error(
      `error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${list}`,
    );
  }
  return mergeTyped(object, applied, schema) as KubernetesObject;
}

/** What would be replaced as a whole. */
function findAtomics(value: Json, schema: Schema, path: string): string[] {
  const map = asMap(value);
  if (map) {
    const own = schema.mapType === "atomic" ? [path] : [];
    const inner = Object.entries(map).flatMap(([key, item]) => {
      const type = item === undefined ? undefined : fieldSchema(schema, key);
      return type && item !== undefined ? findAtomics(item, type, `${path}.${key}`) : [];
    });
    return [...own, ...inner];
  }
  const list = Array.isArray(value) ? asList(value) : undefined;
  if (!list) return [];
  const own = schema.listType === "atomic" ? [path] : [];
  const type = itemSchema(schema);
  return [...own, ...list.flatMap((item, index) => findAtomics(item, type, `${path}[${index}]`))];
}

/** A value of CEL as JSON. */
function toJson(value: unknown): Json {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  ) {
    return value;
  }
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (typeof value !== "object") return null;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), toJson(item)]));
}
