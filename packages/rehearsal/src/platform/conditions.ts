// Conditions of the platform's custom resources.
import type { Clock, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectsAt, textAt } from "../admission/read-json.ts";
import { formatTime } from "../controllers/runtime/time.ts";

/** A condition before it has its time and generation. */
export interface NewCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** Whether a condition holds for the object as it is now. */
export function hasCondition(object: KubernetesObject | undefined, type: string): boolean {
  const condition = objectsAt(object, "status", "conditions").find((one) => one.type === type);
  const seen = numberAt(condition, "observedGeneration");
  return condition?.status === "True" && (seen === undefined || seen === object?.metadata.generation);
}

/** The object's conditions with these in place of those of their types; undefined when nothing changes. */
export function withConditions(
  object: KubernetesObject,
  wanted: readonly NewCondition[],
  clock: Clock,
): JsonObject[] | undefined {
  const present = objectsAt(object, "status", "conditions");
  const observedGeneration = object.metadata.generation ?? 1;
  let changed = false;
  const next = wanted.map((condition) => {
    const old = present.find((one) => one.type === condition.type);
    const same =
      old?.status === condition.status &&
      textAt(old, "reason") === condition.reason &&
      (textAt(old, "message") ?? "") === condition.message &&
      numberAt(old, "observedGeneration") === observedGeneration;
    if (same && old) return old;
    changed = true;
    const since = old?.status === condition.status ? textAt(old, "lastTransitionTime") : undefined;
    return { ...condition, lastTransitionTime: since ?? formatTime(clock.now()), observedGeneration };
  });
  if (!changed) return undefined;
  return [...present.filter((one) => !wanted.some(({ type }) => type === one.type)), ...next];
}
