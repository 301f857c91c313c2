import { formatDuration } from "@slipway/kubernetes/objects";
import type { NodeExplanation } from "../explain-node.ts";
import { nodeName } from "../node-name.ts";
import { type CriticalPath, stepsOf } from "../schedule.ts";
import type { Graph, GraphEdge, GraphNode } from "../types.ts";

/** Options of {@link printGraphText}. */
export interface GraphTextOptions {
  readonly criticalPath?: CriticalPath;
  /** Lists every object and the soft edges that were left out. */
  readonly verbose?: boolean;
}

/** The graph for reading: its steps, what waits for a webhook, its critical path. Ends with a newline. */
export function printGraphText(graph: Graph, options: GraphTextOptions = {}): string {
  const name = namer(graph);
  const lines: string[] = [];
  const counts = { hard: 0, webhook: 0, soft: 0 };
  for (const edge of graph.edges) counts[edge.kind] += 1;
  const objects = [...graph.nodes.values()].filter((node) => node.type === "object").length;
  const steps = groupBySteps(graph);
  lines.push(
    `${objects} objects in ${steps.length} steps; ${counts.hard} hard, ${counts.webhook} webhook and ${counts.soft} soft edges`,
  );
  for (const [step, nodes] of steps.entries()) {
    lines.push("", `Step ${step + 1}: ${summarizeKinds(nodes)}`);
    const shown = options.verbose ? nodes : nodes.filter((node) => node.type !== "object" || hasPods(node));
    for (const node of shown) lines.push(`  ${nodeName(node)}${waits(graph, node, name)}`);
  }
  if (options.criticalPath) {
    lines.push(
      "",
      `Critical path: ${formatDuration(options.criticalPath.durationMs)} if each takes its expected time`,
    );
    for (const { node, startMs, readyMs, after } of options.criticalPath.steps) {
      const span = `${formatDuration(startMs)} to ${formatDuration(readyMs)}`;
      lines.push(`  ${name(node)}  ${span}${after ? `  (${after.reason})` : ""}`);
    }
  }
  if (graph.exempted.length > 0) {
    lines.push("", "Not waiting for a webhook that needs them itself:");
    for (const { edge, reason } of graph.exempted) lines.push(`  ${name(edge.from)}: ${reason}`);
  }
  if (options.verbose && graph.dropped.length > 0) {
    lines.push("", "Soft edges left out because they would close a cycle:");
    for (const { edge, cycle } of graph.dropped) {
      lines.push(
        `  ${name(edge.from)} after ${name(edge.to)} (${edge.reason}); cycle: ${cycle.map(name).join(" -> ")}`,
      );
    }
  }
  if (graph.missing.length > 0) {
    lines.push("", "Expected on the cluster, since nothing in the set makes it:");
    for (const { from, reason } of graph.missing) lines.push(`  ${name(from)}: ${reason}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The explanation of one node for reading. Ends with a newline. */
export function printExplanationText(graph: Graph, explanation: NodeExplanation): string {
  const name = namer(graph);
  const { node, step, waitsFor, neededBy, chain, dropped, exempted } = explanation;
  const lines = [`${nodeName(node)} is in step ${step + 1}.`];
  if (node.type === "object" && node.origin)
    lines.push(`It comes from ${node.origin.file}:${node.origin.line}.`);
  const section = (title: string, edges: readonly GraphEdge[], end: "from" | "to") => {
    if (edges.length === 0) return;
    lines.push("", title);
    for (const [edge, ...alike] of groupAlike(edges)) {
      if (!edge) continue;
      const until = end === "to" && edge.until === "ready" ? ", until it is ready" : "";
      const more = alike.length > 0 ? ` and ${alike.length} more` : "";
      lines.push(`  ${name(edge[end])}${more}${until} [${edge.kind}]`, `      ${edge.reason}`);
    }
  };
  section("It waits for:", waitsFor, "to");
  if (waitsFor.length === 0) lines.push("It waits for nothing.");
  if (chain.length > 1) {
    lines.push("", "The chain that puts it there:", `  ${name(chain[0]?.to ?? "")}`);
    for (const edge of chain) lines.push(`  then ${name(edge.from)}: ${edge.reason}`);
  }
  section("What waits for it:", neededBy, "from");
  if (neededBy.length === 0) lines.push("", "Nothing waits for it.");
  for (const { edge, reason } of exempted)
    lines.push("", `It does not wait for ${name(edge.to)}: ${reason}.`);
  for (const { edge, cycle } of dropped) {
    lines.push(
      "",
      `It would rather come after ${name(edge.to)}, but that closes the cycle ${cycle.map(name).join(" -> ")}.`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Edges of one kind and reason together, in the order of the first of each. */
function groupAlike(edges: readonly GraphEdge[]): readonly (readonly GraphEdge[])[] {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const key = `${edge.kind} ${edge.until} ${edge.reason}`;
    const group = groups.get(key);
    if (group) group.push(edge);
    else groups.set(key, [edge]);
  }
  return [...groups.values()];
}

function groupBySteps(graph: Graph): GraphNode[][] {
  const steps: GraphNode[][] = [];
  for (const [key, step] of stepsOf(graph)) {
    const node = graph.nodes.get(key);
    if (!node) continue;
    const list = steps[step];
    if (list) list.push(node);
    else steps[step] = [node];
  }
  return Array.from(steps, (nodes) => nodes ?? []);
}

/** `12 Service, 3 Deployment, 2 webhooks`, the most frequent first. */
function summarizeKinds(nodes: readonly GraphNode[]): string {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const kind =
      node.type === "object"
        ? node.id.kind
        : node.type === "webhook"
          ? "webhook answers"
          : "made at run time";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

function hasPods(node: GraphNode): boolean {
  return (
    node.type === "object" &&
    ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"].includes(node.id.kind)
  );
}

/** What must be ready before the node, shortened. */
function waits(graph: Graph, node: GraphNode, name: (key: string) => string): string {
  const gates = new Set<string>();
  for (const edge of graph.edges) {
    if (edge.from === node.key && edge.until === "ready" && edge.kind !== "soft") gates.add(name(edge.to));
  }
  const [first, ...rest] = gates;
  if (first === undefined) return "";
  return `  waits for ${first}${rest.length > 0 ? ` and ${rest.length} more` : ""}`;
}

function namer(graph: Graph): (key: string) => string {
  return (key) => {
    const node = graph.nodes.get(key);
    return node ? nodeName(node) : key;
  };
}
