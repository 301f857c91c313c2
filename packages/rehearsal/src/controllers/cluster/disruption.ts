// How many pods of a PodDisruptionBudget may be evicted (pkg/controller/disruption).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { Condition, LabelSelector } from "../kinds/meta.ts";
import type { Pod } from "../kinds/pod.ts";
import type { ReplicaSet, StatefulSet } from "../kinds/workload.ts";
import { conditionOf, isPodFinished, isPodReady } from "../pods.ts";
import { POD_DISRUPTION_BUDGETS, PODS, REPLICA_SETS, STATEFUL_SETS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerOf, keyOf, splitKey } from "../runtime/owners.ts";
import { runController } from "../runtime/run-controller.ts";
import { formatTime } from "../runtime/time.ts";
import { matchesSelector } from "../selectors.ts";
import { canonicalJson } from "../template-hash.ts";
import { replicasOf, resolve } from "../workloads/rolling-update.ts";

interface BudgetSpec extends JsonObject {
  selector?: LabelSelector;
  minAvailable?: string | number;
  maxUnavailable?: string | number;
}

interface BudgetStatus extends JsonObject {
  conditions?: Condition[];
}

interface Budget extends KubernetesObject {
  spec: BudgetSpec;
  status?: BudgetStatus;
}

/** Starts the controller of PodDisruptionBudgets' status. Expected pods come from ReplicaSets and StatefulSets. */
export function startDisruptionController(environment: Environment): void {
  const { caches, clock } = environment;
  const budgets = caches.follow<Budget>(POD_DISRUPTION_BUDGETS);
  const pods = caches.follow<Pod>(PODS);
  const replicaSets = caches.follow<ReplicaSet>(REPLICA_SETS);
  const statefulSets = caches.follow<StatefulSet>(STATEFUL_SETS);

  const controller = runController(environment, {
    name: "controllermanager",
    async reconcile(key, { write, record }) {
      const { name, namespace } = splitKey(key);
      const budget = budgets.get(name, namespace);
      if (!budget || budget.metadata.deletionTimestamp) return;
      const covered = pods
        .list(namespace)
        .filter((pod) => !isPodFinished(pod) && matchesSelector(budget.spec.selector, pod.metadata.labels));
      if (covered.length === 0) {
        record(budget, { type: "Normal", reason: "NoPods", message: "No matching pods found" });
      }
      const status = budgetStatus(budget, { covered, expected: expectedPods(covered), now: clock.now() });
      if (canonicalJson(status) === canonicalJson(budget.status ?? {})) return;
      await write.updateStatus(POD_DISRUPTION_BUDGETS, { ...budget, status });
    },
  });
  controller.watch(budgets, (budget) => [keyOf(budget)]);
  controller.watch(pods, (pod) =>
    budgets
      .list(pod.metadata.namespace)
      .filter(({ spec }) => matchesSelector(spec.selector, pod.metadata.labels))
      .map(keyOf),
  );

  /** The replicas of everything that owns one of the pods. */
  function expectedPods(covered: readonly Pod[]): number {
    const owners = new Map<string, number>();
    for (const pod of covered) {
      const owner = controllerOf(pod);
      if (!owner) continue;
      const { namespace } = pod.metadata;
      const set =
        owner.kind === "ReplicaSet"
          ? replicaSets.get(owner.name, namespace)
          : owner.kind === "StatefulSet"
            ? statefulSets.get(owner.name, namespace)
            : undefined;
      if (set) owners.set(owner.uid, replicasOf(set));
    }
    return [...owners.values()].reduce((sum, replicas) => sum + replicas, 0);
  }
}

/** The status of a budget over the pods that it covers. */
export function budgetStatus(
  { spec, metadata, status }: Budget,
  seen: { readonly covered: readonly Pod[]; readonly expected: number; readonly now: number },
): BudgetStatus {
  const { covered, now } = seen;
  const healthy = covered.filter((pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp).length;
  const byCount = spec.maxUnavailable === undefined && typeof spec.minAvailable === "number";
  const expected = byCount ? covered.length : seen.expected;
  const desired =
    spec.maxUnavailable === undefined
      ? resolve(spec.minAvailable ?? 1, expected, Math.ceil)
      : Math.max(0, expected - resolve(spec.maxUnavailable, expected, Math.ceil));
  const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
  const met = allowed > 0 ? "True" : "False";
  const before = conditionOf(status, "DisruptionAllowed");
  const since = before?.status === met ? before.lastTransitionTime : undefined;
  const generation = metadata.generation ?? 0;
  return {
    observedGeneration: generation,
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    conditions: [
      {
        type: "DisruptionAllowed",
        status: met,
        observedGeneration: generation,
        lastTransitionTime: since ?? formatTime(now),
        reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
        message: "",
      },
    ],
  };
}
