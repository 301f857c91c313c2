// One kustomization while it is built.
import type { Located } from "./decode.ts";
import type { Kustomization } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import type { Origin } from "./origin.ts";
import type { Resource } from "./resource.ts";
import type { BuildScope } from "./scope.ts";

export interface Target {
  readonly kustomization: Kustomization;
  readonly loader: Loader;
  readonly scope: BuildScope;
  readonly origin: Origin;
  /** Where its charts go: its own namespace, else that of the kustomization that lists it. */
  readonly helmNamespace: string;
}

/** Reads the configuration objects of plugins. */
export type PluginReader = (target: Target, entries: readonly Located<string>[]) => Resource[];
