// The public face of @slipway/graph.
export { explainNode, type NodeExplanation } from "./explain-node.ts";
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
export { nodeName } from "./node-name.ts";
export type { GraphOptions } from "./object-set.ts";
export { type Detail, printGraphDot, printGraphMermaid } from "./print/diagram.ts";
export { printGraphJson } from "./print/json.ts";
export { type GraphTextOptions, printExplanationText, printGraphText } from "./print/text.ts";
export {
  type CriticalPath,
  criticalPath,
  earliestTimes,
  edgesFrom,
  edgesTo,
  stepsOf,
  type Timing,
  topologicalOrder,
} from "./schedule.ts";
export type {
  EdgeCondition,
  EdgeKind,
  Graph,
  GraphEdge,
  GraphInput,
  GraphNode,
  MissingReference,
} from "./types.ts";
