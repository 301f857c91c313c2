// The arithmetic of a rolling update: how many replicas each ReplicaSet of a Deployment may have next
// (k8s.io/kubernetes pkg/controller/deployment: rolling.go, sync.go and util).
import type { Deployment, ReplicaSet } from "../kinds/workload.ts";

/** A ReplicaSet and the replicas that it is to have. */
export interface ScaleStep {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

export function replicasOf(object: { spec: { replicas?: number } }): number {
  return object.spec.replicas ?? 1;
}

/** How many pods a Deployment may have beyond, and how many it may lack of, its replicas while it rolls. */
export function resolveLimits(deployment: Deployment): { maxSurge: number; maxUnavailable: number } {
  const { strategy } = deployment.spec;
  const replicas = replicasOf(deployment);
  if ((strategy?.type ?? "RollingUpdate") !== "RollingUpdate") return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = resolve(strategy?.rollingUpdate?.maxSurge ?? "25%", replicas, Math.ceil);
  let maxUnavailable = resolve(strategy?.rollingUpdate?.maxUnavailable ?? "25%", replicas, Math.floor);
  if (maxSurge === 0 && maxUnavailable === 0) maxUnavailable = 1;
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) };
}

/** A count, or a share of `total` in percent (IntOrString). */
export function resolve(value: string | number, total: number, round: (share: number) => number): number {
  if (typeof value === "number") return value;
  return value.endsWith("%") ? round((Number(value.slice(0, -1)) * total) / 100) : Number(value);
}

/** Replicas of the new ReplicaSet next: as many more as the surge leaves room for. */
export function planNewReplicas(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
): number {
  const wanted = replicasOf(deployment);
  const current = newSet ? replicasOf(newSet) : 0;
  if (deployment.spec.strategy?.type === "Recreate" || current > wanted) return wanted;
  const room = wanted + resolveLimits(deployment).maxSurge - sumReplicas(sets);
  return room <= 0 ? current : current + Math.min(room, wanted - current);
}

/**
 * Old ReplicaSets to scale down next: first pods that are not available anyway, then available ones, as far as
 * enough stay available.
 */
export function planOldReplicas(
  deployment: Deployment,
  newSet: ReplicaSet,
  oldSets: readonly ReplicaSet[],
): ScaleStep[] {
  if (sumReplicas(oldSets) === 0) return [];
  const minAvailable = replicasOf(deployment) - resolveLimits(deployment).maxUnavailable;
  const newUnavailable = replicasOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const total = sumReplicas(oldSets) + replicasOf(newSet);
  const allowed = total - minAvailable - newUnavailable;
  if (allowed <= 0) return [];

  const oldestFirst = [...oldSets].sort(byAge);
  const planned = new Map(oldestFirst.map((set) => [set, replicasOf(set)]));
  let removed = 0;
  for (const set of oldestFirst) {
    const replicas = replicasOf(set);
    const unhealthy = replicas - (set.status?.availableReplicas ?? 0);
    const step = Math.min(allowed - removed, Math.max(0, unhealthy));
    planned.set(set, replicas - step);
    removed += step;
  }
  let surplus =
    [newSet, ...oldSets].reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0) - minAvailable;
  for (const set of oldestFirst) {
    const replicas = planned.get(set) ?? 0;
    const step = Math.min(Math.max(0, surplus), replicas);
    planned.set(set, replicas - step);
    surplus -= step;
  }
  return oldestFirst
    .map((set) => ({ set, replicas: planned.get(set) ?? 0 }))
    .filter(({ set, replicas }) => replicas !== replicasOf(set));
}

/**
 * What a change of `spec.replicas` (or a pause) does to the ReplicaSets: the only active one gets them all; when
 * several are active in a rolling update, each gets its share, the largest the rest.
 */
export function planProportionalScale(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  oldSets: readonly ReplicaSet[],
): ScaleStep[] {
  const wanted = replicasOf(deployment);
  const all = newSet ? [...oldSets, newSet] : [...oldSets];
  const active = all.filter((set) => replicasOf(set) > 0);
  if (active.length <= 1) {
    const only = active[0] ?? newSet ?? [...oldSets].sort(byAge).at(-1);
    return only ? [{ set: only, replicas: wanted }] : [];
  }
  if (newSet && isSaturated(deployment, newSet)) {
    return oldSets.filter((set) => replicasOf(set) > 0).map((set) => ({ set, replicas: 0 }));
  }
  if ((deployment.spec.strategy?.type ?? "RollingUpdate") !== "RollingUpdate") return [];
  const limit = wanted > 0 ? wanted + resolveLimits(deployment).maxSurge : 0;
  const total = sumReplicas(active);
  const change = limit - total;
  const ordered = [...active].sort(
    (a, b) => replicasOf(b) - replicasOf(a) || (change > 0 ? -1 : 1) * byAge(a, b),
  );
  const steps: { set: ReplicaSet; replicas: number }[] = [];
  let added = 0;
  for (const set of ordered) {
    const share = change === 0 ? 0 : shareOf(set, { deployment, limit, rest: change - added });
    added += share;
    steps.push({ set, replicas: replicasOf(set) + share });
  }
  const largest = steps[0];
  if (largest && change !== 0) largest.replicas = Math.max(0, largest.replicas + change - added);
  return steps;
}

/** A ReplicaSet's part of the pods to add or to take away; never more than what is left of them. */
function shareOf(
  set: ReplicaSet,
  { deployment, limit, rest }: { deployment: Deployment; limit: number; rest: number },
): number {
  const replicas = replicasOf(set);
  if (replicasOf(deployment) === 0) return -replicas;
  const before =
    Number(set.metadata.annotations?.["deployment.kubernetes.io/max-replicas"]) || replicasOf(deployment);
  const share = Math.round((replicas * limit) / before) - replicas;
  return rest > 0 ? Math.min(Math.max(share, 0), rest) : Math.max(Math.min(share, 0), rest);
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = replicasOf(deployment);
  const desired = Number(set.metadata.annotations?.["deployment.kubernetes.io/desired-replicas"]);
  return replicasOf(set) === wanted && desired === wanted && (set.status?.availableReplicas ?? 0) === wanted;
}

function sumReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

/** The older first; those of one second by name. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const ageA = a.metadata.creationTimestamp ?? "";
  const ageB = b.metadata.creationTimestamp ?? "";
  if (ageA !== ageB) return ageA < ageB ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
