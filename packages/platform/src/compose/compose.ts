import { diskFileSystem, type FileSystem } from "@slipway/kustomize";
import { isJsonObject, type Json, printJson, readYamlDocument } from "@slipway/yaml";
import type { CatalogueComponent } from "../catalogue/component.ts";
import type { Release } from "../release/release.ts";
import type { ResolvedComponents } from "./resolve-components.ts";

/** Files that stand over a release's, by path relative to its root; none when the release is built as it is. */
export type Overlay = Readonly<Record<string, string>>;

/** Where a component's own kustomization lies that sets its namespace. */
export function overlayDirectory(component: CatalogueComponent): string {
  return `slipway/${component.name}`;
}

/**
 * The kustomizations that make a release's example hold the chosen components: the example itself with other
 * resources, all else in it (sort order, patches, components) kept, and one for each component whose manifests
 * leave the namespace open.
 */
export function composeOverlay(
  release: Release,
  chosen: ResolvedComponents,
  files: FileSystem = diskFileSystem,
): Overlay {
  if (chosen.added.length === 0 && chosen.kept.length === release.entries.length) return {};
  const overlay: Record<string, string> = {};
  const resources: Json[] = chosen.kept.map(({ resource }) => resource);
  for (const { component, paths } of chosen.added) {
    if (component.namespace === undefined) {
      resources.push(...paths.map((path) => `../${path}`));
      continue;
    }
    const directory = overlayDirectory(component);
    overlay[`${directory}/kustomization.yaml`] = printJson({
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      namespace: component.namespace,
      resources: paths.map((path) => `../../${path}`),
    });
    resources.push(`../${directory}`);
  }
  const text = new TextDecoder().decode(files.readFile(`${release.root}/${release.example}`));
  const example = readYamlDocument(text, { dialect: "kustomize", file: release.example }).value;
  overlay[release.example] = printJson({ ...(isJsonObject(example) ? example : {}), resources });
  return overlay;
}
