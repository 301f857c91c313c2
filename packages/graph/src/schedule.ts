import type { Graph, GraphEdge, GraphNode } from "./types.ts";

/** Every node so that those it waits for come before it. */
export function topologicalOrder(graph: Graph): readonly GraphNode[] {
  const waiting = new Map<string, number>();
  const neededBy = edgesTo(graph);
  for (const edge of graph.edges) waiting.set(edge.from, (waiting.get(edge.from) ?? 0) + 1);
  const order = [...graph.nodes.values()].filter((node) => !waiting.has(node.key));
  for (const node of order) {
    for (const edge of neededBy.get(node.key) ?? []) {
      const left = (waiting.get(edge.from) ?? 0) - 1;
      waiting.set(edge.from, left);
      const next = left === 0 && graph.nodes.get(edge.from);
      if (next) order.push(next);
    }
  }
  return order;
}

/** Edges by the node that waits. */
export function edgesFrom(graph: Graph): ReadonlyMap<string, readonly GraphEdge[]> {
  return group(graph.edges, "from");
}

/** Edges by the node that is waited for. */
export function edgesTo(graph: Graph): ReadonlyMap<string, readonly GraphEdge[]> {
  return group(graph.edges, "to");
}

function group(edges: readonly GraphEdge[], end: "from" | "to"): Map<string, GraphEdge[]> {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const list = groups.get(edge[end]);
    if (list) list.push(edge);
    else groups.set(edge[end], [edge]);
  }
  return groups;
}

/** When a node can be written and when it is ready, in milliseconds from the start, if nothing else holds it up. */
export interface Timing {
  readonly startMs: number;
  readonly readyMs: number;
  /** The edge that held it up longest. */
  readonly after?: GraphEdge;
}

/**
 * The earliest times of all nodes: writes cost nothing and any number goes on at once. `durationMs` is the
 * time from a node's write to its being ready.
 */
export function earliestTimes(
  graph: Graph,
  durationMs: (node: GraphNode) => number,
): ReadonlyMap<string, Timing> {
  const needs = edgesFrom(graph);
  const timings = new Map<string, Timing>();
  for (const node of topologicalOrder(graph)) {
    let startMs = 0;
    let workMs = 0;
    let after: GraphEdge | undefined;
    for (const edge of needs.get(node.key) ?? []) {
      const before = timings.get(edge.to);
      const free = (edge.until === "ready" ? before?.readyMs : before?.startMs) ?? 0;
      const works = (edge.reconciles ? before?.readyMs : free) ?? 0;
      startMs = Math.max(startMs, free);
      if (after !== undefined && works <= workMs) continue;
      workMs = works;
      after = edge;
    }
    const readyMs = workMs + durationMs(node);
    timings.set(node.key, { startMs, readyMs, ...(after ? { after } : {}) });
  }
  return timings;
}

/** The longest chain of a graph in time, first node first. */
export interface CriticalPath {
  readonly durationMs: number;
  readonly steps: readonly ({ readonly node: string } & Timing)[];
}

/** The chain of nodes that decides how long everything takes at least, under the given durations. */
export function criticalPath(graph: Graph, expectedMs: (node: GraphNode) => number): CriticalPath {
  const timings = earliestTimes(graph, expectedMs);
  let last: string | undefined;
  let durationMs = 0;
  for (const [key, timing] of timings) {
    if (last !== undefined && timing.readyMs <= durationMs) continue;
    last = key;
    durationMs = timing.readyMs;
  }
  const steps: { node: string; startMs: number; readyMs: number; after?: GraphEdge }[] = [];
  for (let key = last; key !== undefined; ) {
    const timing: Timing | undefined = timings.get(key);
    if (!timing) break;
    steps.push({ node: key, ...timing });
    key = timing.after?.to;
  }
  return { durationMs, steps: steps.reverse() };
}

/**
 * In which step each node stands: how many times, one after the other, something must become ready before
 * it can be written. Waiting for something merely to be written starts no new step.
 */
export function stepsOf(graph: Graph): ReadonlyMap<string, number> {
  const needs = edgesFrom(graph);
  const steps = new Map<string, number>();
  for (const node of topologicalOrder(graph)) {
    let step = 0;
    for (const edge of needs.get(node.key) ?? []) {
      step = Math.max(step, (steps.get(edge.to) ?? 0) + (edge.until === "ready" ? 1 : 0));
    }
    steps.set(node.key, step);
  }
  return steps;
}
