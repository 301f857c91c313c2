import { type Graph, type GraphOptions, inferGraph, nodeName } from "@slipway/graph";
import { formatIdentity } from "@slipway/kubernetes/objects";
import { type Bundle, buildBundle, type Platform, runtimeFacts } from "@slipway/platform";

/** A platform's objects and their order. */
export interface Ordered {
  readonly bundle: Bundle;
  readonly graph: Graph;
}

/** Builds a platform and infers the order of its objects; `cluster` is what is known of where they go. */
export function orderPlatform(platform: Platform, cluster: Omit<GraphOptions, "facts"> = {}): Ordered {
  const bundle = buildBundle(platform);
  return { bundle, graph: inferGraph(bundle.resources, { ...cluster, facts: runtimeFacts }) };
}

/** What a user should know before anything is written: the build's warnings, and what nothing in the set makes. */
export function warningsOf({ bundle, graph }: Ordered): readonly string[] {
  const missing = graph.missing.map(({ from, id, reason }) => {
    const node = graph.nodes.get(from);
    return `${formatIdentity(id)} is not in the release and must be on the cluster: ${node ? nodeName(node) : from}, ${reason}`;
  });
  return [...bundle.warnings, ...missing];
}
