import type { ObjectNode, ObjectSet } from "./object-set.ts";
import { edge } from "./rules/rule.ts";
import type { GraphEdge } from "./types.ts";

/** Which phase of the facts a node belongs to; 0 when there are no phases. */
export function phaseReader(set: ObjectSet): (node: ObjectNode) => number {
  const phases = set.facts.phases ?? [];
  const byComponent = new Map<string, number>();
  let rest = Math.max(0, phases.length - 1);
  for (const [index, phase] of phases.entries()) {
    if (!phase.components) rest = index;
    for (const component of phase.components ?? []) byComponent.set(component, index);
  }
  return (node) => (node.component === undefined ? rest : (byComponent.get(node.component) ?? rest));
}

/**
 * The preferred order of components: a phase's workloads are written after the workloads of the phase before
 * it that can be written at once, those that wait for nothing to become ready. Waiting for "ready" instead
 * would add up the start times of phases that do not need each other.
 */
export function phaseEdges(set: ObjectSet, canStartAtOnce: (node: ObjectNode) => boolean): GraphEdge[] {
  const phases = set.facts.phases ?? [];
  const phaseOf = phaseReader(set);
  const members = phases.map(() => [] as ObjectNode[]);
  for (const { node } of set.workloads) members[phaseOf(node)]?.push(node);
  const edges: GraphEdge[] = [];
  let gate: readonly ObjectNode[] = [];
  let gateName = "";
  for (const [index, phase] of phases.entries()) {
    for (const node of members[index] ?? []) {
      for (const earlier of gate) {
        edges.push(
          edge(node, earlier, {
            kind: "soft",
            until: "exists",
            rule: "phase",
            reason: `phase "${phase.name}" comes after phase "${gateName}"`,
          }),
        );
      }
    }
    const next = (members[index] ?? []).filter(canStartAtOnce);
    if (next.length === 0) continue;
    gate = next;
    gateName = phase.name;
  }
  return edges;
}

/** The facts' last objects come after everything else has been written. */
export function lastEdges(set: ObjectSet): GraphEdge[] {
  const last = new Set((set.facts.last ?? []).flatMap((pattern) => set.matching(pattern)));
  const edges: GraphEdge[] = [];
  for (const node of last) {
    for (const { node: workload } of set.workloads) {
      if (last.has(workload)) continue;
      edges.push(
        edge(node, workload, {
          kind: "soft",
          until: "exists",
          rule: "last",
          reason: `${node.id.kind} objects come after the workloads that serve them`,
        }),
      );
    }
  }
  return edges;
}
