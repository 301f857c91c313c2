// The public face of @slipway/graph.
export type { EdgeCondition, EdgeKind, Graph, GraphEdge, GraphInput, GraphNode } from "./types.ts";
