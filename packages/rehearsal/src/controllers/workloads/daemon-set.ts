// The DaemonSet controller: one pod on every node that fits (pkg/controller/daemon).
import type { JsonObject } from "@slipway/yaml";
import { findUntolerated, matchesNode } from "../../kubelet/fit.ts";
import { claimObjects } from "../claim.ts";
import type { Node } from "../kinds/cluster.ts";
import type { NodeSelectorTerm, Pod, PodSpec, Toleration } from "../kinds/pod.ts";
import type { ControllerRevision, DaemonSet } from "../kinds/workload.ts";
import { generateNamePrefix, isPodAvailable, isPodFinished, isPodReady, podFromTemplate } from "../pods.ts";
import { CONTROLLER_REVISIONS, DAEMON_SETS, NODES, PODS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerOf, keyOf, splitKey } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { startSlowly } from "../slow-start.ts";
import { canonicalJson } from "../template-hash.ts";
import { ensureRevision, forgetRevisions } from "./revisions.ts";
import { resolve } from "./rolling-update.ts";

const HASH_LABEL = "controller-revision-hash";
const GENERATION = "deprecated.daemonset.template.generation";

/** Taints that every daemon pod puts up with. */
const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];

/** Starts the DaemonSet controller, with rolling update by maxUnavailable. Left out: maxSurge. */
export function startDaemonSetController(environment: Environment): void {
  const { caches, clock } = environment;
  const sets = caches.follow<DaemonSet>(DAEMON_SETS);
  const pods = caches.follow<Pod>(PODS);
  const nodes = caches.follow<Node>(NODES);
  const revisions = caches.follow<ControllerRevision>(CONTROLLER_REVISIONS);

  const controller = runController(environment, {
    name: "daemonset-controller",
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const set = sets.get(name, namespace);
      if (!set || set.metadata.deletionTimestamp) return;
      const { write } = tools;
      const owned = await claimObjects(pods, set, { selector: set.spec.selector, write });
      const options = { cache: revisions, write, hashLabel: HASH_LABEL };
      const { current, all } = await ensureRevision(set, options);
      const hash = current.metadata.labels?.[HASH_LABEL] ?? "";
      const wanted = nodes.list().filter((node) => belongsOn(set, node));
      await place(set, owned, { wanted, hash }, tools);
      await roll(set, owned, { wanted, hash }, tools);
      const status = daemonSetStatus(set, owned, { wanted, hash, now: clock.now() });
      if (canonicalJson(status) !== canonicalJson(set.status ?? {})) {
        await write.updateStatus(DAEMON_SETS, { ...set, status });
      }
      const hashes = new Set(owned.map((pod) => pod.metadata.labels?.[HASH_LABEL]));
      await forgetRevisions(set, {
        all,
        inUse: (revision) => revision === current || hashes.has(revision.metadata.labels?.[HASH_LABEL]),
        write,
      });
    },
  });
  controller.watch(sets, (set) => [keyOf(set)]);
  controller.watch(nodes, () => sets.list().map(keyOf));
  controller.watch(pods, (pod) => {
    const owner = controllerOf(pod);
    return owner?.kind === "DaemonSet" ? [`${pod.metadata.namespace}/${owner.name}`] : [];
  });

  /** Makes the pods that nodes lack and removes those that are finished, doubled or out of place. */
  async function place(
    set: DaemonSet,
    owned: readonly Pod[],
    { wanted, hash }: { readonly wanted: readonly Node[]; readonly hash: string },
    { write, record }: ControllerTools,
  ): Promise<void> {
    const kept = new Map<string, Pod>();
    for (const pod of owned) {
      const node = targetOf(pod);
      const surplus = kept.has(node) || !wanted.some(({ metadata }) => metadata.name === node);
      if (!surplus && !isPodFinished(pod)) kept.set(node, pod);
      else if (!pod.metadata.deletionTimestamp) {
        await write.delete(PODS, pod);
        record(set, {
          type: "Normal",
          reason: "SuccessfulDelete",
          message: `Deleted pod: ${pod.metadata.name}`,
        });
      }
    }
    const lacking = wanted.filter(({ metadata }) => !kept.has(metadata.name));
    const { error } = await startSlowly(lacking.length, async (index) => {
      const node = lacking[index];
      if (!node) return;
      try {
        const pod = await write.create(PODS, buildPod(set, node, hash));
        record(set, {
          type: "Normal",
          reason: "SuccessfulCreate",
          message: `Created pod: ${pod.metadata.name}`,
        });
      } catch (refused) {
        const reason = refused instanceof Error ? refused.message : String(refused);
        record(set, { type: "Warning", reason: "FailedCreate", message: `Error creating: ${reason}` });
        throw refused;
      }
    });
    if (error) throw error;
  }

  /** Deletes outdated pods as far as enough others are available. */
  async function roll(
    set: DaemonSet,
    owned: readonly Pod[],
    { wanted, hash }: { readonly wanted: readonly Node[]; readonly hash: string },
    { write, record }: ControllerTools,
  ): Promise<void> {
    if (set.spec.updateStrategy?.type === "OnDelete") return;
    const limit = set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1;
    const allowed = Math.max(1, resolve(limit, wanted.length, Math.ceil));
    const healthy = (pod: Pod) =>
      !pod.metadata.deletionTimestamp && isPodAvailable(pod, set.spec.minReadySeconds ?? 0, clock.now());
    let unavailable = wanted.length - owned.filter(healthy).length;
    for (const pod of owned) {
      if (pod.metadata.labels?.[HASH_LABEL] === hash || pod.metadata.deletionTimestamp) continue;
      if (healthy(pod)) {
        if (unavailable >= allowed) continue;
        unavailable += 1;
      }
      await write.delete(PODS, pod);
      record(set, {
        type: "Normal",
        reason: "SuccessfulDelete",
        message: `Deleted pod: ${pod.metadata.name}`,
      });
    }
  }
}

/** Whether a daemon pod is to run on the node: selector, affinity and taints, whatever room there is. */
function belongsOn(set: DaemonSet, node: Node): boolean {
  const { spec } = set.spec.template;
  const tolerant = { ...spec, tolerations: [...(spec.tolerations ?? []), ...TOLERATIONS] };
  return matchesNode({ spec }, node) && !findUntolerated({ spec: tolerant }, node);
}

function buildPod(set: DaemonSet, node: Node, hash: string): Pod {
  const pod = podFromTemplate(set.spec.template, set, generateNamePrefix(set.metadata.name));
  const term: NodeSelectorTerm = {
    matchFields: [{ key: "metadata.name", operator: "In", values: [node.metadata.name] }],
  };
  const labels = {
    ...pod.metadata.labels,
    [HASH_LABEL]: hash,
    "pod-template-generation": set.metadata.annotations?.[GENERATION] ?? String(set.metadata.generation ?? 1),
  };
  const spec: PodSpec = {
    ...pod.spec,
    affinity: {
      ...pod.spec.affinity,
      nodeAffinity: {
        ...pod.spec.affinity?.nodeAffinity,
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
      },
    },
    tolerations: [...(pod.spec.tolerations ?? []), ...TOLERATIONS.map((toleration) => ({ ...toleration }))],
  };
  return { ...pod, metadata: { ...pod.metadata, labels }, spec };
}

/** The node that a daemon pod is on, or is meant for. */
function targetOf(pod: Pod): string {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return pod.spec.nodeName ?? required?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0] ?? "";
}

/** The status of a DaemonSet from its pods and the nodes that are to have one. */
export function daemonSetStatus(
  set: DaemonSet,
  owned: readonly Pod[],
  seen: { readonly wanted: readonly Node[]; readonly hash: string; readonly now: number },
): JsonObject {
  const wanted = new Set(seen.wanted.map(({ metadata }) => metadata.name));
  const placed = owned.filter((pod) => wanted.has(targetOf(pod)));
  const staying = placed.filter((pod) => !pod.metadata.deletionTimestamp);
  const available = staying.filter((pod) =>
    isPodAvailable(pod, set.spec.minReadySeconds ?? 0, seen.now),
  ).length;
  const updated = staying.filter((pod) => pod.metadata.labels?.[HASH_LABEL] === seen.hash).length;
  return {
    currentNumberScheduled: placed.length,
    numberMisscheduled: owned.length - placed.length,
    desiredNumberScheduled: wanted.size,
    numberReady: staying.filter(isPodReady).length,
    observedGeneration: set.metadata.generation ?? 0,
    ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
    ...(available > 0 ? { numberAvailable: available } : {}),
    ...(wanted.size > available ? { numberUnavailable: wanted.size - available } : {}),
  };
}
