import { edgesTo, type Graph, type GraphNode, topologicalOrder } from "@slipway/graph";

/**
 * How urgent each node's write is: CustomResourceDefinitions before everything, in one burst (a server rebuilds
 * its OpenAPI once for many, but again and again for a trickle); then whoever has the longest way behind it.
 */
export function urgencies(
  graph: Graph,
  durationMs: (node: GraphNode) => number,
): ReadonlyMap<string, number> {
  const neededBy = edgesTo(graph);
  const tails = new Map<string, number>();
  for (const node of topologicalOrder(graph).toReversed()) {
    let behind = 0;
    for (const edge of neededBy.get(node.key) ?? []) {
      const tail = tails.get(edge.from) ?? 0;
      // Whoever waits only for the write is not held up by the time until it is ready.
      behind = Math.max(behind, edge.until === "ready" ? tail + durationMs(node) : tail);
    }
    tails.set(node.key, Math.max(behind, durationMs(node)));
  }
  const urgent = new Map<string, number>();
  for (const node of graph.nodes.values()) {
    const isDefinition = node.type === "object" && node.id.kind === "CustomResourceDefinition";
    urgent.set(node.key, isDefinition ? Number.MAX_SAFE_INTEGER : (tails.get(node.key) ?? 0));
  }
  return urgent;
}
