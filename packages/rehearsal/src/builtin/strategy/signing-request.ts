// The conditions of a signing request (kubernetes pkg/registry/certificates/certificates/strategy.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectsAt } from "../../admission/read-json.ts";

/** Conditions of `next` with the times that they lack: of their transition from `old` where it says the same, or now. */
export function withConditionTimes(next: KubernetesObject, old: KubernetesObject, now: string): JsonObject[] {
  const before = objectsAt(old.status, "conditions");
  return objectsAt(next.status, "conditions").map((condition) => {
    const { type, status, lastUpdateTime, lastTransitionTime } = condition;
    const same = before.find((one) => one.type === type && one.status === status && one.lastTransitionTime);
    return {
      ...condition,
      lastUpdateTime: lastUpdateTime || now,
      lastTransitionTime: lastTransitionTime || same?.lastTransitionTime || now,
    };
  });
}

/** Through its status a request is neither approved nor denied: what was said of that stands. Changes `next`. */
export function settleConditions(next: KubernetesObject, old: KubernetesObject, now: string): void {
  if (!isJsonObject(next.status) || objectsAt(next.status, "conditions").length === 0) return;
  let conditions = objectsAt(next.status, "conditions");
  for (const type of ["Approved", "Denied"]) {
    const stood = objectsAt(old.status, "conditions").filter((condition) => condition.type === type);
    if (stood.length !== conditions.filter((condition) => condition.type === type).length) continue;
    conditions = conditions.map((condition) =>
      condition.type === type ? (stood.shift() ?? condition) : condition,
    );
  }
  const settled = { ...next, status: { ...next.status, conditions } } as KubernetesObject;
  next.status = { ...next.status, conditions: withConditionTimes(settled, old, now) };
}
