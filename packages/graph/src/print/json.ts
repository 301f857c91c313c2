import { nodeName } from "../node-name.ts";
import { type CriticalPath, stepsOf } from "../schedule.ts";
import type { Graph } from "../types.ts";

/** The graph as one JSON document (`kind: Graph`). Fields are only ever added. Ends with a newline. */
export function printGraphJson(graph: Graph, options: { readonly criticalPath?: CriticalPath } = {}): string {
  const steps = stepsOf(graph);
  const document = {
    apiVersion: "slipway.dev/v1alpha1",
    kind: "Graph",
    nodes: [...graph.nodes.values()].map((node) => ({
      key: node.key,
      type: node.type,
      name: nodeName(node),
      step: (steps.get(node.key) ?? 0) + 1,
      ...(node.component !== undefined ? { component: node.component } : {}),
      ...(node.type === "object" && node.origin ? { origin: node.origin } : {}),
      ...(node.type === "webhook" ? { service: node.service } : {}),
      ...(node.type === "created" ? { by: node.by } : {}),
    })),
    edges: graph.edges,
    dropped: graph.dropped,
    exempted: graph.exempted,
    missing: graph.missing,
    ...(options.criticalPath ? { criticalPath: options.criticalPath } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
