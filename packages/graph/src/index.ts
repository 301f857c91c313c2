// The public face of @slipway/graph.
export type {
  CaInjector,
  Injection,
  ObjectPattern,
  Ordering,
  Phase,
  Producer,
  RuntimeFacts,
  TenantMaker,
} from "./facts.ts";
export { inferGraph } from "./infer-graph.ts";
export { editDistance, nearest } from "./nearest.ts";
export { nodeName } from "./node-name.ts";
export type { GraphOptions } from "./object-set.ts";
export type {
  EdgeCondition,
  EdgeKind,
  Graph,
  GraphEdge,
  GraphInput,
  GraphNode,
  MissingReference,
} from "./types.ts";
