// Conditions in the status of what the API server itself looks after.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";

/** The object's conditions; none when it has no status. */
export function conditionsOf(object: KubernetesObject): JsonObject[] {
  const status = isJsonObject(object.status) ? object.status : {};
  return Array.isArray(status.conditions) ? status.conditions.filter(isJsonObject) : [];
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
