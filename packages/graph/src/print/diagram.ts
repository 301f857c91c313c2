import { nodeName } from "../node-name.ts";
import type { EdgeKind, Graph, GraphNode } from "../types.ts";

/** What a drawing shows: boxes and arrows from what waits to what it waits for. */
interface Diagram {
  readonly boxes: readonly { readonly id: string; readonly label: string }[];
  readonly arrows: readonly { readonly from: string; readonly to: string; readonly kind: EdgeKind }[];
}

/** Whether a drawing shows each object, or one box for each component (hundreds of objects cannot be read). */
export type Detail = "objects" | "components";

/** Graphviz. Arrows point at what is waited for; webhook edges are blue, soft ones dotted. */
export function printGraphDot(graph: Graph, detail: Detail): string {
  const { boxes, arrows } = diagram(graph, detail);
  const styles: Record<EdgeKind, string> = {
    hard: "",
    webhook: " [color=blue]",
    soft: " [style=dotted]",
  };
  return [
    "digraph slipway {",
    "  rankdir=RL;",
    "  node [shape=box];",
    ...boxes.map(({ id, label }) => `  ${id} [label=${JSON.stringify(label)}];`),
    ...arrows.map(({ from, to, kind }) => `  ${from} -> ${to}${styles[kind]};`),
    "}",
    "",
  ].join("\n");
}

/** A Mermaid flowchart. Webhook edges are thick, soft ones dotted. */
export function printGraphMermaid(graph: Graph, detail: Detail): string {
  const { boxes, arrows } = diagram(graph, detail);
  const styles: Record<EdgeKind, string> = { hard: "-->", webhook: "==>", soft: "-.->" };
  return [
    "flowchart RL",
    ...boxes.map(({ id, label }) => `  ${id}["${label.replaceAll('"', "#quot;")}"]`),
    ...arrows.map(({ from, to, kind }) => `  ${from} ${styles[kind]} ${to}`),
    "",
  ].join("\n");
}

function diagram(graph: Graph, detail: Detail): Diagram {
  const boxOf = new Map<string, string>();
  const labels = new Map<string, string>();
  for (const node of graph.nodes.values()) {
    const label = detail === "objects" ? nodeName(node) : componentOf(node);
    const known = labels.get(label);
    const id = known ?? `n${labels.size}`;
    if (known === undefined) labels.set(label, id);
    boxOf.set(node.key, id);
  }
  const strength: readonly EdgeKind[] = ["soft", "webhook", "hard"];
  const arrows = new Map<string, { from: string; to: string; kind: EdgeKind }>();
  for (const edge of graph.edges) {
    const from = boxOf.get(edge.from) ?? "";
    const to = boxOf.get(edge.to) ?? "";
    if (from === to) continue;
    const known = arrows.get(`${from} ${to}`);
    if (!known) arrows.set(`${from} ${to}`, { from, to, kind: edge.kind });
    else if (strength.indexOf(edge.kind) > strength.indexOf(known.kind)) known.kind = edge.kind;
  }
  return { boxes: [...labels].map(([label, id]) => ({ id, label })), arrows: [...arrows.values()] };
}

function componentOf(node: GraphNode): string {
  if (node.component !== undefined) return node.component;
  return (node.type === "webhook" ? node.service.namespace : node.id.namespace) ?? "cluster";
}
