import { ProblemError } from "@slipway/yaml";
import { createAcyclicGraph, type Pair, shortestCycle, sortNodes } from "./acyclic.ts";
import { findCreatedThings } from "./created.ts";
import { exemptOwnNeeds } from "./exempt.ts";
import { nodeName } from "./node-name.ts";
import { type GraphOptions, type ObjectNode, readObjectSet } from "./object-set.ts";
import { lastEdges, phaseEdges, phaseReader } from "./phases.ts";
import { bindingRule, rightsRule, serviceAccountRule } from "./rules/access.ts";
import { certificateRule } from "./rules/certificates.ts";
import { kindOrderRule } from "./rules/component.ts";
import { apiServiceRule, definitionRule } from "./rules/definition.ts";
import { namespaceRule } from "./rules/namespace.ts";
import { podReferenceRule } from "./rules/pod-references.ts";
import type { Rule, RuleContext } from "./rules/rule.ts";
import { orderingRule } from "./rules/runtime-facts.ts";
import { autoscalerRule, podNeighbourRule } from "./rules/scaling.ts";
import { storageRule } from "./rules/storage.ts";
import { findWebhooks } from "./rules/webhook.ts";
import type { Graph, GraphEdge, GraphInput, GraphNode, MissingReference } from "./types.ts";

const rules: readonly Rule[] = [
  namespaceRule,
  definitionRule,
  apiServiceRule,
  serviceAccountRule,
  bindingRule,
  podReferenceRule,
  storageRule,
  certificateRule,
  autoscalerRule,
  orderingRule,
  rightsRule,
  podNeighbourRule,
  kindOrderRule,
];

/**
 * Infers in which order the objects can be written so that the server refuses none and no pod waits for
 * another's back-off. Pure: the same input gives the same graph, whatever the order of the objects on disk.
 * Throws ProblemError for an object that comes twice (`graph/duplicate-object`), a kind that nothing defines
 * (`graph/unknown-kind`), and hard edges that form a loop (`graph/cycle`).
 */
export function inferGraph(inputs: readonly GraphInput[], options: GraphOptions = {}): Graph {
  const set = readObjectSet(inputs, options);
  const created = findCreatedThings(set);
  const found: GraphEdge[] = [];
  const missing: MissingReference[] = [];
  const context: RuleContext = {
    set,
    add: (edge) => found.push(edge),
    miss: (reference) => missing.push(reference),
    resolve: (id) => set.find(id) ?? created.find(id),
  };
  for (const rule of rules) rule(context);
  const webhooks = findWebhooks(context);
  found.push(...created.edges);
  const { kept, exempted, added } = exemptOwnNeeds(webhooks, found.filter(isBinding));
  found.push(...kept, ...added);

  const nodes = new Map<string, GraphNode>();
  for (const node of [...set.nodes, ...webhooks.map((webhook) => webhook.node), ...created.nodes]) {
    nodes.set(node.key, node);
  }
  const binding = found.filter(isBinding);
  const soft = [
    ...found.filter((edge) => edge.kind === "soft"),
    ...phaseEdges(set, startsAtOnce(nodes, binding)),
    ...lastEdges(set),
  ];
  const { edges, dropped } = arrange(nodes, binding, soft, phaseReader(set));
  return { nodes, edges, dropped, exempted, missing };
}

/** Hard and webhook edges bind; soft ones may be dropped. */
function isBinding(edge: GraphEdge): boolean {
  return edge.kind !== "soft";
}

/** True for nodes that no pod's start stands before: all that they wait for is written, or a definition. */
function startsAtOnce(
  nodes: ReadonlyMap<string, GraphNode>,
  binding: readonly GraphEdge[],
): (node: ObjectNode) => boolean {
  const needs = groupBy(binding, (edge) => edge.from);
  const known = new Map<string, boolean>();
  const visit = (key: string): boolean => {
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    known.set(key, false);
    const free = (needs.get(key) ?? []).every((edge) => {
      const target = nodes.get(edge.to);
      const isDefinition = target?.type === "object" && target.id.kind === "CustomResourceDefinition";
      return (edge.until === "exists" || isDefinition) && visit(edge.to);
    });
    known.set(key, free);
    return free;
  };
  return (node) => visit(node.key);
}

/** Takes binding edges, refuses a loop among them, then takes each soft edge that closes none. */
function arrange(
  nodes: ReadonlyMap<string, GraphNode>,
  binding: readonly GraphEdge[],
  soft: readonly GraphEdge[],
  phaseOf: (node: ObjectNode) => number,
): Pick<Graph, "edges" | "dropped"> {
  const keys = [...nodes.keys()];
  const index = new Map(keys.map((key, at) => [key, at]));
  const at = (key: string) => index.get(key) ?? -1;
  const edges = distinct(binding);
  const pairs = edges.map((edge): Pair => [at(edge.from), at(edge.to)]);
  const ranks = [...nodes.values()].map((node) => rankOf(node, phaseOf));
  const order = sortNodes(keys.length, pairs, (node) => (ranks[node] ?? 0) * keys.length + node);
  if (order.length < keys.length) throw cycleProblem(nodes, keys, edges, pairs);

  const graph = createAcyclicGraph(order, pairs);
  const taken = new Set(edges.map(ends));
  const dropped: Graph["dropped"][number][] = [];
  for (const edge of soft) {
    if (taken.has(ends(edge)) || edge.from === edge.to) continue;
    taken.add(ends(edge));
    const loop = graph.add(at(edge.from), at(edge.to));
    if (loop) dropped.push({ edge, cycle: [edge.from, ...loop.map((node) => keys[node] ?? "")] });
    else edges.push(edge);
  }
  return { edges, dropped };
}

function rankOf(node: GraphNode, phaseOf: (node: ObjectNode) => number): number {
  return node.type === "object" ? phaseOf(node) : 0;
}

function ends(edge: GraphEdge): string {
  return `${edge.from}\n${edge.to}`;
}

/** One edge for each pair and rule, the one with the stronger condition; none from a node to itself. */
function distinct(edges: readonly GraphEdge[]): GraphEdge[] {
  const byId = new Map<string, GraphEdge>();
  for (const edge of edges) {
    if (edge.from === edge.to) continue;
    const id = `${ends(edge)}\n${edge.rule}`;
    const known = byId.get(id);
    if (!known || (known.until === "exists" && edge.until === "ready")) byId.set(id, edge);
  }
  return [...byId.values()];
}

function cycleProblem(
  nodes: ReadonlyMap<string, GraphNode>,
  keys: readonly string[],
  edges: readonly GraphEdge[],
  pairs: readonly Pair[],
): ProblemError {
  const loop = (shortestCycle(keys.length, pairs) ?? []).map((node) => keys[node] ?? "");
  const byEnds = new Map(edges.map((edge) => [ends(edge), edge]));
  const name = (key: string) => {
    const node = nodes.get(key);
    return node ? nodeName(node) : key;
  };
  const steps = loop.map((key, position) => {
    const next = loop[(position + 1) % loop.length] ?? key;
    const edge = byEnds.get(`${key}\n${next}`);
    const origin = nodes.get(key);
    return {
      message: `${name(key)} waits for ${name(next)}: ${edge?.reason ?? ""}`,
      ...(origin?.type === "object" && origin.origin ? { position: origin.origin } : {}),
    };
  });
  const [first] = loop;
  return new ProblemError({
    code: "graph/cycle",
    message: `${loop.length} objects wait for each other in a circle: ${[...loop, first ?? ""].map(name).join(" -> ")}.`,
    related: steps,
    next: "Remove one of these references, or let one object be created by hand first.",
  });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
