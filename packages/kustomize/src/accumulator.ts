// What one kustomization gathers: objects, field specs and vars.
import type { VarEntry } from "./kustomization.ts";
import type { Resource } from "./resource.ts";
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

/** Takes all but the objects of another accumulation in. */
export function mergeSettings(into: Accumulator, from: Accumulator): void {
  into.config = mergeConfigs(into.config, from.config);
  mergeVars(into.vars, from.vars.values());
}
