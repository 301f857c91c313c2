import { edgesTo, type Graph, type GraphNode, topologicalOrder } from "@slipway/graph";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";

/**
 * How urgent each node's write is: whoever has the longest way behind it comes first, so that slow pods start while
 * the server is still busy. Of equally urgent CustomResourceDefinitions the small ones come first: a server accepts
 * the names of one after the other (its naming controller has one worker), and a large one takes it seconds.
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
      const isHeldUp = edge.until === "ready" || edge.reconciles;
      behind = Math.max(behind, isHeldUp ? tail + durationMs(node) : tail);
    }
    tails.set(node.key, Math.max(behind, durationMs(node)));
  }
  for (const node of graph.nodes.values()) {
    if (node.type !== "object" || node.id.kind !== "CustomResourceDefinition") continue;
    // Counts for too little to change the order between others.
    tails.set(node.key, (tails.get(node.key) ?? 0) - sizeOf(node.object) / 1e9);
  }
  return tails;
}

/** About how large a value is as JSON, in letters, without printing it. */
function sizeOf(value: Json | KubernetesObject): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  let size = 1;
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) size += key.length + sizeOf(inner);
  }
  return size;
}
