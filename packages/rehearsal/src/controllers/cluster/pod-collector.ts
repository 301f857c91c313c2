// Pods that no kubelet will ever take away (pkg/controller/podgc).
import type { Node } from "../kinds/cluster.ts";
import type { Pod } from "../kinds/pod.ts";
import { NODES, PODS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { keyOf, splitKey, uidOf } from "../runtime/owners.ts";
import { runController } from "../runtime/run-controller.ts";

/** A node may come back this long after it has gone before its pods are given up. */
const QUARANTINE_MS = 40_000;

/**
 * Starts the controller that removes deleted pods that never got a node, and pods of nodes that have gone. Left
 * out: the limit on how many finished pods are kept.
 */
export function startPodCollector(environment: Environment): void {
  const { caches, clock } = environment;
  const pods = caches.follow<Pod>(PODS);
  const nodes = caches.follow<Node>(NODES);
  /** Since when the node of a pod (by uid) has been missing. */
  const lost = new Map<string, number>();

  const controller = runController(environment, {
    name: "pod-garbage-collector",
    async reconcile(key, { write, enqueue }) {
      const { name, namespace } = splitKey(key);
      const pod = pods.get(name, namespace);
      if (!pod) return;
      const { nodeName } = pod.spec;
      if (!nodeName) {
        if (pod.metadata.deletionTimestamp) await write.delete(PODS, pod, { gracePeriodSeconds: 0 });
        return;
      }
      if (nodes.get(nodeName)) {
        lost.delete(uidOf(pod));
        return;
      }
      const since = lost.get(uidOf(pod)) ?? clock.now();
      lost.set(uidOf(pod), since);
      const rest = since + QUARANTINE_MS - clock.now();
      if (rest > 0) enqueue(key, rest);
      else await write.delete(PODS, pod, { gracePeriodSeconds: 0 });
    },
  });
  controller.watch(pods, (pod, change) => {
    if (change.type === "deleted") lost.delete(uidOf(pod));
    const { nodeName } = pod.spec;
    const concerned = nodeName ? !nodes.get(nodeName) : pod.metadata.deletionTimestamp !== undefined;
    return change.type !== "deleted" && concerned ? [keyOf(pod)] : [];
  });
  controller.watch(nodes, (node, change) =>
    change.type === "deleted" ? pods.onNode(node.metadata.name).map(keyOf) : [],
  );
}
