import type { GraphNode } from "@slipway/graph";
import { podReadyMs } from "@slipway/rehearsal";

/** Conditions of custom resources that a controller sets once it has seen them (measured on a small cluster). */
const controllerMs: Readonly<Record<string, number>> = {
  CustomResourceDefinition: 100,
  Issuer: 300,
  ClusterIssuer: 300,
  Certificate: 300,
};

/**
 * How long a node is expected to take from its write until it is ready, by the embedded cluster's stated
 * model: pods as their images say, a few kinds a fraction of a second, everything else no time.
 */
export function expectedMs(node: GraphNode): number {
  if (node.type !== "object") return 0;
  const template = node.object.spec as { template?: { spec?: Parameters<typeof podReadyMs>[0] } } | undefined;
  if (["Deployment", "StatefulSet", "DaemonSet", "Job"].includes(node.id.kind) && template?.template?.spec) {
    return podReadyMs(template.template.spec);
  }
  return controllerMs[node.id.kind] ?? 0;
}
