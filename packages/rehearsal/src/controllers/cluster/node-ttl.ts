import { NODES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { runController } from "../runtime/run-controller.ts";

const annotation = "node.alpha.kubernetes.io/ttl";

/**
 * Says on every node for how many seconds its kubelet may keep objects (pkg/controller/ttl): 0, as in any cluster of
 * up to 100 nodes.
 */
export function startNodeTtlController(environment: Environment): void {
  const nodes = environment.caches.follow(NODES);
  const controller = runController(environment, {
    name: "ttl",
    async reconcile(name, { write }) {
      const node = nodes.get(name);
      if (!node || node.metadata.annotations?.[annotation] !== undefined) return;
      await write.patch(NODES, node, {
        type: "strategic",
        patch: { metadata: { annotations: { [annotation]: "0" } } },
      });
    },
  });
  controller.watch(nodes, ({ metadata }) => [metadata.name]);
}
