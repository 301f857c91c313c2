// Conditions as the workload controllers keep them.
import type { Condition } from "./kinds/meta.ts";

/**
 * The list with `condition` in it. One of the same status and reason stays as it is; one of the same status
 * keeps its transition time; the changed one goes to the end (Deployment and ReplicaSet utilities).
 */
export function setCondition(conditions: readonly Condition[] = [], condition: Condition): Condition[] {
  const current = conditions.find(({ type }) => type === condition.type);
  if (current && current.status === condition.status && current.reason === condition.reason) {
    return [...conditions];
  }
  const since = current?.status === condition.status ? current.lastTransitionTime : undefined;
  const next = since ? { ...condition, lastTransitionTime: since } : condition;
  return [...removeCondition(conditions, condition.type), next];
}

/** The list without that condition. */
export function removeCondition(conditions: readonly Condition[] = [], type: string): Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}
