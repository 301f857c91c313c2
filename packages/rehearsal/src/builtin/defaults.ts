// The defaults that the API server fills into built-in objects: a function for each API type that has any,
// called wherever a value of that type stands, outermost first.
import { milliQuantity, type Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { definitionDefaults } from "./defaults/custom-resource-definition.ts";
import { flowControlDefaults } from "./defaults/flow-control.ts";
import type { DefaultHook } from "./defaults/hook.ts";
import { autoscalerDefaults } from "./defaults/horizontal-pod-autoscaler.ts";
import { jobDefaults } from "./defaults/job.ts";
import { namespaceDefaults } from "./defaults/namespace.ts";
import { podDefaults } from "./defaults/pod.ts";
import { roleDefaults } from "./defaults/role.ts";
import { serviceDefaults } from "./defaults/service.ts";
import { storageDefaults } from "./defaults/storage.ts";
import { webhookDefaults } from "./defaults/webhook.ts";
import { workloadDefaults } from "./defaults/workload.ts";

const hooks: ReadonlyMap<string, DefaultHook> = new Map(
  Object.entries({
    ...autoscalerDefaults,
    ...definitionDefaults,
    ...flowControlDefaults,
    ...jobDefaults,
    ...namespaceDefaults,
    ...podDefaults,
    ...roleDefaults,
    ...serviceDefaults,
    ...storageDefaults,
    ...webhookDefaults,
    ...workloadDefaults,
  }),
);

/** Fills in every default of a built-in object, in place. The object must have been decoded. */
export function applyBuiltinDefaults(object: JsonObject, schema: Schema): void {
  walk(object, schema);
}

function walk(value: Json | undefined, schema: Schema): void {
  if (Array.isArray(value)) {
    if (schema.items && isConcerned(schema.items)) for (const item of value) walk(item, schema.items);
    return;
  }
  if (!isJsonObject(value)) return;
  const hook = schema.typeName && hooks.get(schema.typeName);
  if (hook) hook(value);
  if (schema.properties) {
    for (const [key, property] of schema.properties) {
      if (value[key] === undefined || !isConcerned(property)) continue;
      // Devices are asked for in exact amounts.
      if (isResourceList(property) && !schema.typeName?.startsWith("resource.")) roundAmounts(value[key]);
      walk(value[key], property);
    }
  } else if (typeof schema.additional === "object" && isConcerned(schema.additional)) {
    for (const key in value) walk(value[key], schema.additional);
  }
}

function isResourceList({ additional }: Schema): boolean {
  return typeof additional === "object" && additional.typeName === "api.resource.Quantity";
}

/** Amounts of resources are counted in thousandths (core/v1 SetDefaults_ResourceList). */
function roundAmounts(amounts: Json | undefined): void {
  if (!isJsonObject(amounts)) return;
  for (const [name, amount] of Object.entries(amounts)) {
    if (typeof amount === "string") amounts[name] = milliQuantity(amount);
  }
}

const concerned = new WeakMap<Schema, boolean>();

/** Whether a default may be due anywhere in a value of this type. */
function isConcerned(schema: Schema): boolean {
  const known = concerned.get(schema);
  if (known !== undefined) return known;
  const answer = search(schema, new Set());
  concerned.set(schema, answer);
  return answer;
}

function search(schema: Schema, seen: Set<Schema | string>): boolean {
  const id = schema.typeName ?? schema;
  if (seen.has(id)) return false;
  seen.add(id);
  if (isResourceList(schema) || (schema.typeName && hooks.has(schema.typeName))) return true;
  if (schema.items && search(schema.items, seen)) return true;
  if (typeof schema.additional === "object" && search(schema.additional, seen)) return true;
  for (const property of schema.properties?.values() ?? []) if (search(property, seen)) return true;
  return false;
}
