// HorizontalPodAutoscalers on a cluster without metrics (pkg/controller/podautoscaler).
import { groupOf, isApiError, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { Condition } from "../kinds/meta.ts";
import type { Deployment, StatefulSet } from "../kinds/workload.ts";
import { conditionOf } from "../pods.ts";
import { DEPLOYMENTS, HORIZONTAL_POD_AUTOSCALERS, STATEFUL_SETS } from "../resources.ts";
import type { Cache } from "../runtime/cache.ts";
import type { Environment } from "../runtime/environment.ts";
import { keyOf, splitKey } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { formatTime } from "../runtime/time.ts";
import { canonicalJson } from "../template-hash.ts";
import { replicasOf } from "../workloads/rolling-update.ts";

interface ScaleTarget extends JsonObject {
  apiVersion?: string;
  kind: string;
  name: string;
}

interface ResourceMetric extends JsonObject {
  name?: string;
}

interface Metric extends JsonObject {
  type: string;
  resource?: ResourceMetric;
}

interface AutoscalerSpec extends JsonObject {
  scaleTargetRef: ScaleTarget;
  minReplicas?: number;
  maxReplicas: number;
  metrics?: Metric[];
}

interface AutoscalerStatus extends JsonObject {
  conditions?: Condition[];
}

interface Autoscaler extends KubernetesObject {
  spec: AutoscalerSpec;
  status?: AutoscalerStatus;
}

/** Replicas and a target, whatever its kind. */
type Scalable = Deployment | StatefulSet;

/**
 * Starts the autoscaler. Nothing measures anything, so it keeps targets between their limits and says in the
 * conditions, in the real controller's words, that metrics are missing. It looks when something changes, not
 * every 15 seconds.
 */
export function startAutoscaler(environment: Environment): void {
  const { caches, clock, client } = environment;
  const autoscalers = caches.follow<Autoscaler>(HORIZONTAL_POD_AUTOSCALERS);
  const deployments = caches.follow<Deployment>(DEPLOYMENTS);
  const statefulSets = caches.follow<StatefulSet>(STATEFUL_SETS);
  const targets: Readonly<Record<string, Cache<Deployment> | Cache<StatefulSet>>> = {
    Deployment: deployments,
    StatefulSet: statefulSets,
  };

  const controller = runController(environment, {
    name: "horizontal-pod-autoscaler",
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const autoscaler = autoscalers.get(name, namespace);
      if (!autoscaler || autoscaler.metadata.deletionTimestamp) return;
      const { scaleTargetRef: ref } = autoscaler.spec;
      const cache = groupOf(ref.apiVersion ?? "apps/v1") === "apps" ? targets[ref.kind] : undefined;
      const target = cache?.get(ref.name, namespace);
      const desired = target ? await clamp(autoscaler, target, tools) : undefined;
      tellTrouble(autoscaler, target, tools);
      const status = autoscalerStatus(autoscaler, { target, desired, now: clock.now() });
      if (canonicalJson(status) === canonicalJson(autoscaler.status ?? {})) return;
      await tools.write.updateStatus(HORIZONTAL_POD_AUTOSCALERS, { ...autoscaler, status });
    },
  });
  controller.watch(autoscalers, (autoscaler) => [keyOf(autoscaler)]);
  for (const cache of [deployments, statefulSets]) {
    controller.watch<Scalable>(cache as Cache<Scalable>, (target) =>
      autoscalers
        .list(target.metadata.namespace)
        .filter(({ spec }) => spec.scaleTargetRef.kind === target.kind)
        .filter(({ spec }) => spec.scaleTargetRef.name === target.metadata.name)
        .map(keyOf),
    );
  }

  /** Brings the target's replicas between the limits; without metrics nothing else can move them. */
  async function clamp({ spec }: Autoscaler, target: Scalable, tools: ControllerTools): Promise<number> {
    const current = replicasOf(target);
    if (current === 0) return 0;
    const desired = Math.min(Math.max(current, spec.minReplicas ?? 1), spec.maxReplicas);
    if (desired === current) return current;
    const type = target.kind === "Deployment" ? DEPLOYMENTS : STATEFUL_SETS;
    const patch = { spec: { replicas: desired } };
    try {
      await client.patch(type, target.metadata, { type: "merge", patch }, { subresource: "scale" });
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
    }
    tools.record(target, {
      type: "Normal",
      reason: "SuccessfulRescale",
      message: `New size: ${desired}; reason: Current number of replicas ${current < desired ? "below Spec.MinReplicas" : "above Spec.MaxReplicas"}`,
    });
    return desired;
  }
}

/** The events that come with missing metrics or a missing target. */
function tellTrouble(
  autoscaler: Autoscaler,
  target: Scalable | undefined,
  { record }: ControllerTools,
): void {
  const { scaleTargetRef: ref } = autoscaler.spec;
  if (!target) {
    const message = `${ref.kind.toLowerCase()}s.apps "${ref.name}" not found`;
    record(autoscaler, { type: "Warning", reason: "FailedGetScale", message });
    return;
  }
  const metrics = autoscaler.spec.metrics ?? [];
  if (replicasOf(target) === 0 || metrics.length === 0) return;
  const missing = missingMetric(autoscaler.spec);
  record(autoscaler, { type: "Warning", reason: "FailedGetResourceMetric", message: missing.problem });
  record(autoscaler, {
    type: "Warning",
    reason: "FailedComputeMetricsReplicas",
    message: `invalid metrics (${metrics.length} invalid out of ${metrics.length}), first error is: failed to get ${missing.name} resource metric value: ${missing.problem}`,
  });
}

/** The status without metrics. */
export function autoscalerStatus(
  { spec, status }: Autoscaler,
  seen: { readonly target: Scalable | undefined; readonly desired: number | undefined; readonly now: number },
): AutoscalerStatus {
  const build = (type: string, met: string, reason: string, message: string): Condition => {
    const before = conditionOf(status, type);
    const since = before?.status === met ? before.lastTransitionTime : undefined;
    return { type, status: met, lastTransitionTime: since ?? formatTime(seen.now), reason, message };
  };
  const { target } = seen;
  if (!target) {
    const message = `the HPA controller was unable to get the target's current scale: ${spec.scaleTargetRef.kind.toLowerCase()}s.apps "${spec.scaleTargetRef.name}" not found`;
    return {
      desiredReplicas: 0,
      currentMetrics: null,
      conditions: [build("AbleToScale", "False", "FailedGetScale", message)],
    };
  }
  const able = build(
    "AbleToScale",
    "True",
    "SucceededGetScale",
    "the HPA controller was able to get the target's current scale",
  );
  const active =
    replicasOf(target) === 0
      ? build(
          "ScalingActive",
          "False",
          "ScalingDisabled",
          "scaling is disabled since the replica count of the target is zero",
        )
      : build("ScalingActive", "False", "FailedGetResourceMetric", withoutMetrics(spec));
  const current = target.status?.replicas ?? 0;
  // Without metrics nothing is desired but what the limits ask for.
  const limited = seen.desired !== undefined && seen.desired !== replicasOf(target);
  const before = typeof status?.desiredReplicas === "number" ? status.desiredReplicas : 0;
  return {
    ...(current > 0 ? { currentReplicas: current } : {}),
    desiredReplicas: limited ? (seen.desired ?? 0) : before,
    currentMetrics: spec.metrics?.length ? spec.metrics.map(() => ({ type: "" })) : null,
    conditions: [able, active],
  };
}

function withoutMetrics(spec: AutoscalerSpec): string {
  return `the HPA was unable to compute the replica count: ${missingMetric(spec).problem}`;
}

function missingMetric({ metrics = [] }: AutoscalerSpec): { name: string; problem: string } {
  const name = metrics.find(({ type }) => type === "Resource")?.resource?.name ?? "cpu";
  const problem = `failed to get ${name} utilization: unable to get metrics for resource ${name}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`;
  return { name, problem };
}
