// What the API server itself writes into the status of a CustomResourceDefinition.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { builtinSchema } from "../../builtin/schemas.ts";
import { recordUpdate } from "../../fields/manage-fields.ts";
import { type ServerContext, timestamp } from "../context.ts";
import { definitions } from "./definition.ts";

/** Stores a definition with another status, as the manager `kube-apiserver`. */
export function putStatus(
  server: ServerContext,
  key: string,
  object: KubernetesObject,
  status: JsonObject,
): KubernetesObject {
  const schema = builtinSchema("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
  if (!schema) throw new Error("no schema of CustomResourceDefinition");
  const time = timestamp(server.clock);
  const management = { manager: "kube-apiserver", time, schema, subresource: "status" } as const;
  return server.store.put(definitions, key, recordUpdate(object, { ...object, status }, management));
}

export function condition(
  type: string,
  status: string,
  reason: string,
  message: string,
  now: string,
): JsonObject {
  return { type, status, lastTransitionTime: now, reason, message };
}

/** New conditions over old ones; one whose status did not change keeps its time. */
export function mergeConditions(old: readonly JsonObject[], changed: readonly JsonObject[]): JsonObject[] {
  const kept = old.filter(({ type }) => !changed.some((one) => one.type === type));
  const merged = changed.map((one) => {
    const before = old.find(({ type }) => type === one.type);
    return before?.status === one.status
      ? { ...one, lastTransitionTime: before?.lastTransitionTime ?? null }
      : one;
  });
  return [...kept, ...merged];
}
