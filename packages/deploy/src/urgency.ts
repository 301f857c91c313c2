import { edgesTo, type Graph, type GraphNode, topologicalOrder } from "@slipway/graph";

/**
 * How urgent each node's write is: whoever has the longest way behind it comes first, so that slow pods start while
 * the server is still busy. CustomResourceDefinitions go in one burst, all of them as urgent as the most urgent one:
 * a server rebuilds its OpenAPI once for many, but again and again for a trickle.
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
  const definitions = [...graph.nodes.values()].filter(isDefinition);
  const burst = Math.max(0, ...definitions.map(({ key }) => tails.get(key) ?? 0));
  const urgent = new Map(tails);
  // Among themselves by the way behind each, which counts for too little to leave the burst.
  for (const { key } of definitions) urgent.set(key, burst + (tails.get(key) ?? 0) / 1e6);
  return urgent;
}

function isDefinition(node: GraphNode): boolean {
  return node.type === "object" && node.id.kind === "CustomResourceDefinition";
}
