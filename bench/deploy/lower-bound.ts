import { criticalPath, type Graph, type GraphEdge, type GraphNode } from "@slipway/graph";

const certManager = "apps/Deployment:cert-manager/cert-manager";

/**
 * How long an installation takes at least when writes and waiting cost nothing, in milliseconds: the longest
 * chain of the graph, with what it need not say because nothing waits for it to begin: that nobody makes
 * issuers and certificates ready before cert-manager's controller is.
 */
export function lowerBound(graph: Graph, expectedMs: (node: GraphNode) => number): number {
  if (!graph.nodes.has(certManager)) return criticalPath(graph, expectedMs).durationMs;
  const served = [...graph.nodes.values()].filter(
    (node) => node.type === "object" && node.id.group === "cert-manager.io",
  );
  const edges = served.map(
    (node): GraphEdge => ({
      from: node.key,
      to: certManager,
      kind: "hard",
      until: "ready",
      rule: "reconciled-by",
      reason: "cert-manager makes it ready",
    }),
  );
  return criticalPath({ ...graph, edges: [...graph.edges, ...edges] }, expectedMs).durationMs;
}
