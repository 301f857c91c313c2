import { edgesFrom, edgesTo, stepsOf } from "./schedule.ts";
import type { Graph, GraphEdge, GraphNode } from "./types.ts";

/** Why a node stands where it stands. */
export interface NodeExplanation {
  readonly node: GraphNode;
  readonly step: number;
  /** What it waits for: binding edges first, each with its reason. */
  readonly waitsFor: readonly GraphEdge[];
  /** What waits for it. */
  readonly neededBy: readonly GraphEdge[];
  /** The chain that puts it into its step, from the first node that waits for nothing to the node itself. */
  readonly chain: readonly GraphEdge[];
  /** Soft edges of it that were left out because they would have closed a cycle. */
  readonly dropped: Graph["dropped"];
  readonly exempted: Graph["exempted"];
}

/** Explains the node with this key; undefined when there is none. */
export function explainNode(graph: Graph, key: string): NodeExplanation | undefined {
  const node = graph.nodes.get(key);
  if (!node) return undefined;
  const steps = stepsOf(graph);
  const needs = edgesFrom(graph);
  const chain: GraphEdge[] = [];
  for (let at = key; ; ) {
    const next = heaviest(needs.get(at) ?? [], steps);
    if (!next) break;
    chain.push(next);
    at = next.to;
  }
  return {
    node,
    step: steps.get(key) ?? 0,
    waitsFor: [...(needs.get(key) ?? [])].sort(bindingFirst),
    neededBy: [...(edgesTo(graph).get(key) ?? [])].sort(bindingFirst),
    chain: chain.reverse(),
    dropped: graph.dropped.filter(({ edge }) => edge.from === key),
    exempted: graph.exempted.filter(({ edge }) => edge.from === key),
  };
}

/** The edge that decides the step: the one with the most steps behind it, a binding one among equals. */
function heaviest(edges: readonly GraphEdge[], steps: ReadonlyMap<string, number>): GraphEdge | undefined {
  const weight = (edge: GraphEdge) =>
    (steps.get(edge.to) ?? 0) * 4 + (edge.until === "ready" ? 4 : 0) + (edge.kind === "soft" ? 0 : 1);
  let best: GraphEdge | undefined;
  for (const edge of edges) if (!best || weight(edge) > weight(best)) best = edge;
  return best;
}

function bindingFirst(a: GraphEdge, b: GraphEdge): number {
  return Number(a.kind === "soft") - Number(b.kind === "soft");
}
