// Cases for transformers and generators that a configuration object asks for.
import { memoryFileSystem, printResources } from "@slipway/kustomize";
import { readNode } from "@slipway/yaml";
import { looseText } from "../../packages/kustomize/src/decode.ts";
import { sortOptionsDecoder } from "../../packages/kustomize/src/kustomization.ts";
import { type Loader, rootLoader } from "../../packages/kustomize/src/loader.ts";
import { runGeneratorPlugin } from "../../packages/kustomize/src/plugins/generator-plugins.ts";
import { pluginConfig } from "../../packages/kustomize/src/plugins/plugin-config.ts";
import { runTransformerPlugin } from "../../packages/kustomize/src/plugins/transformer-plugins.ts";
import { readResources } from "../../packages/kustomize/src/read-resources.ts";
import { kindOf, type Resource } from "../../packages/kustomize/src/resource.ts";
import { appendAll, dropDeleted } from "../../packages/kustomize/src/resource-list.ts";
import { makeScope } from "../../packages/kustomize/src/scope.ts";
import { orderOf, sortLegacy } from "../../packages/kustomize/src/transformers/sort-order.ts";
import type { ConformanceCase } from "./cases.ts";

/** Runs a transformer over the input. */
export function runTransformerCase(one: ConformanceCase): string {
  const resources: Resource[] = [];
  appendAll(resources, readResources(one.input ?? "", { file: "input.yaml" }));
  const plugin = pluginOf(one);
  if (kindOf(plugin) === "SortOrderTransformer") return printResources(sorted(resources, one));
  runTransformerPlugin(plugin, resources, loaderOf(one), makeScope());
  dropDeleted(resources);
  return printResources(resources);
}

/** Prints what a generator makes. */
export function runGeneratorCase(one: ConformanceCase): string {
  return printResources(runGeneratorPlugin(pluginOf(one), loaderOf(one)));
}

function pluginOf(one: ConformanceCase): Resource {
  const [plugin] = readResources(one.config ?? "", { file: "config.yaml" });
  if (plugin) return plugin;
  throw new Error(`${one.id} has no configuration`);
}

function sorted(resources: readonly Resource[], one: ConformanceCase): readonly Resource[] {
  const decoder = pluginConfig({ sortOptions: sortOptionsDecoder(looseText, "ignore") });
  const { sortOptions } = decoder(readNode(one.config ?? ""), "");
  const order = sortOptions ? orderOf(sortOptions) : null;
  return order ? sortLegacy(resources, order) : resources;
}

function loaderOf(one: ConformanceCase): Loader {
  const root = one.root ?? "/";
  const fileSystem = memoryFileSystem({ [`${root}/.keep`]: "", ...one.files });
  return rootLoader({ fileSystem, restrictor: "rootOnly", remotes: undefined }, root);
}
