// What one kustomization gathers: objects, field specs and vars.
import type { VarEntry } from "./kustomization.ts";
import type { Resource } from "./resource.ts";
import { appendAll } from "./resource-list.ts";
import { emptyConfig, mergeConfigs, type TransformerConfig } from "./transformer-config.ts";
import { mergeVars } from "./transformers/vars.ts";

export interface Accumulator {
  readonly resources: Resource[];
  config: TransformerConfig;
  readonly vars: Map<string, VarEntry>;
}

export function makeAccumulator(): Accumulator {
  return { resources: [], config: emptyConfig, vars: new Map() };
}

/** Takes everything of another accumulation in. */
export function mergeAccumulator(into: Accumulator, from: Accumulator): void {
  appendAll(into.resources, from.resources);
  into.config = mergeConfigs(into.config, from.config);
  mergeVars(into.vars, from.vars.values());
}
