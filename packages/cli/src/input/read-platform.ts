import { type Graph, inferGraph } from "@slipway/graph";
import { type Bundle, buildBundle, loadPlatform, type Platform, runtimeFacts } from "@slipway/platform";
import type { Shell } from "../shell.ts";
import type { InputFlags } from "./flags.ts";

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
    ...(release === undefined ? {} : { release }),
    ...(remotes === undefined ? {} : { remotes }),
    ...(file === undefined ? {} : { file }),
    ...(starter === undefined ? {} : { starter }),
    ...(add === undefined ? {} : { add }),
    ...(drop === undefined ? {} : { drop }),
  });
}

/** Builds a platform and infers the order of its objects. */
export function orderPlatform(platform: Platform): Ordered {
  const bundle = buildBundle(platform);
  return { bundle, graph: inferGraph(bundle.resources, { facts: runtimeFacts }) };
}
