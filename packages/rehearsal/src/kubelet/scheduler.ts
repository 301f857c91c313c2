// The scheduler: puts pods on nodes, or says on the pod why it cannot (kube-scheduler in outline).
import { isApiError } from "@slipway/kubernetes";
import { setCondition } from "../controllers/conditions.ts";
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from "../controllers/kinds/cluster.ts";
import type { Pod } from "../controllers/kinds/pod.ts";
import { conditionOf, isPodFinished } from "../controllers/pods.ts";
import {
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from "../controllers/resources.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { keyOf, splitKey, uidOf } from "../controllers/runtime/owners.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { formatTime } from "../controllers/runtime/time.ts";
import { claimNamesOf, SELECTED_NODE } from "./claims.ts";
import { findMisfit, type NodeInfo, preferenceOf } from "./fit.ts";

const NAME = "default-scheduler";

/**
 * Starts the scheduler. It looks at node selectors, affinity, taints, host ports, requests and claims, prefers
 * emptier nodes, and takes one pod at a time. Left out: preemption, spreading that is only preferred, priorities.
 */
export function startScheduler(environment: Environment): void {
  const { caches, clock } = environment;
  const pods = caches.follow<Pod>(PODS);
  const nodes = caches.follow<Node>(NODES);
  const claims = caches.follow<PersistentVolumeClaim>(PERSISTENT_VOLUME_CLAIMS);
  const volumes = caches.follow<PersistentVolume>(PERSISTENT_VOLUMES);
  const classes = caches.follow<StorageClass>(STORAGE_CLASSES);
  /** Pods that could not be placed; looked at again when something changes that may help. */
  const unplaced = new Set<string>();
  /** Pods that were bound and that the cache does not show on their node yet. */
  const assumed = new Map<string, { readonly pod: Pod; readonly node: string }>();

  const controller = runController(environment, {
    name: NAME,
    manager: "kube-scheduler",
    workers: 1,
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const pod = pods.get(name, namespace);
      unplaced.delete(key);
      if (!pod || !isToBePlaced(pod)) return;
      const blocked = findClaimProblem(pod);
      if (blocked) return refuse(pod, blocked, tools);
      const all = nodes.list().map((node) => ({ node, pods: podsOn(node) }));
      const chosen = choose(pod, all);
      if (typeof chosen === "string") return refuse(pod, chosen, tools);
      if (await awaitVolumes(pod, chosen, tools)) {
        unplaced.add(key);
        return;
      }
      await bind(pod, chosen, tools);
    },
  });
  controller.watch(pods, (pod, change) => {
    if (pod.spec.nodeName || change.type === "deleted") assumed.delete(uidOf(pod));
    if (change.type === "deleted" || isPodFinished(pod)) return [...unplaced];
    return isToBePlaced(pod) ? [keyOf(pod)] : [];
  });
  const retryAll = () => [...unplaced];
  controller.watch(nodes, retryAll);
  controller.watch(claims, retryAll);
  controller.watch(volumes, retryAll);
  controller.watch(classes, retryAll);

  function podsOn(node: Node): Pod[] {
    const { name } = node.metadata;
    const coming = [...assumed.values()].filter((binding) => binding.node === name);
    return [...pods.onNode(name), ...coming.map(({ pod }) => pod)];
  }

  function findClaimProblem(pod: Pod): string | undefined {
    const count = nodes.list().length;
    // The filter plugins are not asked then, and preemption finds no state of theirs.
    const say = (problem: string) => `0/${count} nodes are available: ${problem}. not found`;
    for (const name of claimNamesOf(pod)) {
      const claim = claims.get(name, pod.metadata.namespace);
      if (!claim) return say(`persistentvolumeclaim "${name}" not found`);
      if (claim.metadata.deletionTimestamp) {
        return say(`persistentvolumeclaim "${name}" is being deleted`);
      }
      if (claim.status?.phase === "Lost") {
        return say(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume`);
      }
      if (!isBound(claim) && !waitsForConsumer(claim)) {
        return say("pod has unbound immediate PersistentVolumeClaims");
      }
    }
    return undefined;
  }

  function waitsForConsumer(claim: PersistentVolumeClaim): boolean {
    const name = claim.spec.storageClassName;
    return name !== undefined && classes.get(name)?.volumeBindingMode === "WaitForFirstConsumer";
  }

  /** Tells unbound claims their node; true while any is not bound yet. */
  async function awaitVolumes(pod: Pod, node: Node, { write }: ControllerTools): Promise<boolean> {
    let waiting = false;
    for (const name of claimNamesOf(pod)) {
      const claim = claims.get(name, pod.metadata.namespace);
      if (!claim || isBound(claim)) continue;
      waiting = true;
      if (claim.metadata.annotations?.[SELECTED_NODE]) continue;
      const patch = { metadata: { annotations: { [SELECTED_NODE]: node.metadata.name } } };
      await write.patch(PERSISTENT_VOLUME_CLAIMS, claim, { type: "merge", patch });
    }
    return waiting;
  }

  async function bind(pod: Pod, node: Node, { record }: ControllerTools): Promise<void> {
    const { name, namespace = "", uid = "" } = pod.metadata;
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace, uid },
      target: { kind: "Node", name: node.metadata.name },
    };
    try {
      await environment.client.create({ ...PODS, kind: "Binding" }, binding, { subresource: "binding" });
    } catch (error) {
      // Gone, or bound by another scheduler: either way no longer ours.
      if (isApiError(error, 404) || isApiError(error, 409)) return;
      throw error;
    }
    if (!pods.get(name, namespace)?.spec.nodeName) assumed.set(uid, { pod, node: node.metadata.name });
    record(pod, {
      type: "Normal",
      reason: "Scheduled",
      action: "Binding",
      message: `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`,
    });
  }

  async function refuse(pod: Pod, message: string, { write, record }: ControllerTools): Promise<void> {
    unplaced.add(keyOf(pod));
    const current = conditionOf(pod.status, "PodScheduled");
    if (current?.status === "False" && current.message === message) return;
    record(pod, { type: "Warning", reason: "FailedScheduling", action: "Scheduling", message });
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
    const condition = {
      type: "PodScheduled",
      status: "False",
      observedGeneration: pod.metadata.generation ?? 0,
      lastProbeTime: null,
      lastTransitionTime: formatTime(clock.now()),
      reason: "Unschedulable",
      message,
    };
    const patch = { status: { conditions: setCondition(others, condition) } };
    await write.patch(PODS, pod, { type: "merge", patch }, "status");
  }
}

function isToBePlaced(pod: Pod): boolean {
  return (
    !pod.spec.nodeName &&
    !pod.metadata.deletionTimestamp &&
    !isPodFinished(pod) &&
    (pod.spec.schedulerName ?? NAME) === NAME &&
    (pod.spec.schedulingGates ?? []).length === 0
  );
}

function isBound(claim: PersistentVolumeClaim): boolean {
  return Boolean(claim.spec.volumeName) && claim.status?.phase === "Bound";
}

/** The best node for the pod, or the scheduler's sentence about why there is none. */
export function choose(pod: Pod, all: readonly NodeInfo[]): Node | string {
  const reasons: string[] = [];
  const preemption: string[] = [];
  const fitting: NodeInfo[] = [];
  for (const info of all) {
    const misfit = findMisfit(pod, info, all);
    if (misfit === undefined) fitting.push(info);
    else {
      reasons.push(...misfit.reasons);
      preemption.push(misfit.othersInTheWay ? NO_VICTIMS : NOT_HELPFUL);
    }
  }
  const best = fitting.sort(
    (a, b) =>
      preferenceOf(pod, b.node) - preferenceOf(pod, a.node) ||
      a.pods.length - b.pods.length ||
      (a.node.metadata.name < b.node.metadata.name ? -1 : 1),
  )[0];
  if (best) return best.node;
  if (all.length === 0) return "no nodes available to schedule pods";
  const none = `0/${all.length} nodes are available: `;
  return `${none}${countUp(reasons)}. no new claims to deallocate, preemption: ${none}${countUp(preemption)}.`;
}

/** Nothing is ever preempted here; this is what the real one says when it finds nothing to preempt. */
const NO_VICTIMS = "No preemption victims found for incoming pod";
const NOT_HELPFUL = "Preemption is not helpful for scheduling";

/** `2 one, 1 another`: each text with how often it occurs, sorted. */
function countUp(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => `${count} ${text}`)
    .sort()
    .join(", ");
}
