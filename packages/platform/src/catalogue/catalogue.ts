// What is known of the components of Kubeflow's releases: the one place that holds their names and paths.
import { suggest } from "@slipway/kubernetes/objects";
import { applications } from "./applications.ts";
import type { CatalogueComponent } from "./component.ts";
import { foundation } from "./foundation.ts";
import { modelRegistry } from "./model-registry.ts";

/** Every component, the foundation first. */
export const catalogue: readonly CatalogueComponent[] = [...foundation, ...applications, ...modelRegistry];

const byName = new Map(catalogue.map((component) => [component.name, component]));

const bySource = catalogue
  .flatMap((component) => component.sources.map((source) => ({ source, name: component.name })))
  .sort((a, b) => b.source.length - a.source.length);

export function findComponent(name: string): CatalogueComponent | undefined {
  return byName.get(name);
}

/** The names of components that someone may have meant by `name`, best first. */
export function suggestComponents(name: string): string[] {
  return suggest(name, byName.keys());
}

/**
 * The component to which a file belongs. `file` is relative to the release's root, or, of a remote source,
 * `host/owner/repo@ref/…` or the address itself.
 */
export function componentOfFile(file: string): string | undefined {
  const path = file.replace(/^https?:\/\//, "").replace(/@[^/]*/, "");
  return bySource.find(({ source }) => path === source || path.startsWith(`${source}/`))?.name;
}
