import { type Graph, type GraphOptions, inferGraph, nodeName } from "@slipway/graph";
import { formatIdentity } from "@slipway/kubernetes";
import { type Bundle, buildBundle, loadPlatform, type Platform, runtimeFacts } from "@slipway/platform";
import type { Shell } from "../shell.ts";
import type { InputFlags } from "./flags.ts";
import { reportTo } from "./read-choice.ts";

/** A platform's objects and their order. */
export interface Ordered {
  readonly bundle: Bundle;
  readonly graph: Graph;
}

/** Finds the platform that the flags name. Builds nothing yet. */
export function readPlatform(flags: InputFlags, shell: Shell): Promise<Platform> {
  const { release, remotes, file, starter, add, drop } = flags;
  return loadPlatform({
    directory: shell.directory,
    report: reportTo(shell),
    ...(release === undefined ? {} : { release }),
    ...(remotes === undefined ? {} : { remotes }),
    ...(file === undefined ? {} : { file }),
    ...(starter === undefined ? {} : { starter }),
    ...(add === undefined ? {} : { add }),
    ...(drop === undefined ? {} : { drop }),
  });
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
