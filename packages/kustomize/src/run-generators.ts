// The generators of a kustomization: ConfigMaps, Secrets, then plugins.
import type { Accumulator } from "./accumulator.ts";
import { generate } from "./generators/config-map.ts";
import { type Chart, chartsOf } from "./helm/chart.ts";
import { helmRefused, inflateChart } from "./helm/inflate-chart.ts";
import { noteKinds } from "./merge/build-schema.ts";
import { builtInOrigin, type Origin } from "./origin.ts";
import { pluginOrigin } from "./plugin-origin.ts";
import { runGeneratorPlugin } from "./plugins/generator-plugins.ts";
import type { Resource } from "./resource.ts";
import { absorbAll } from "./resource-list.ts";
import type { Step } from "./step.ts";
import type { PluginReader, Target } from "./target.ts";

/** Adds what they make, or merges it into what is there. */
export function runGenerators(accumulator: Accumulator, target: Target, readPlugins: PluginReader): void {
  const { kustomization, loader, scope, origin } = target;
  const options = kustomization.generatorOptions;
  const add = (resources: Resource[], step: Step, from: Origin | null) => {
    if (scope.tracksOrigins) for (const resource of resources) resource.origin ??= from;
    noteKinds(scope.schema, resources);
    absorbAll(accumulator.resources, resources, step);
  };
  const builtIn = (kind: string) => builtInOrigin(origin, kustomization.fileName, kind);
  const made: [Resource, Step, Origin][] = [];
  for (const entry of kustomization.configMapGenerator ?? []) {
    const resource = generate("ConfigMap", { ...entry, type: "" }, options, loader);
    made.push([resource, { kind: "generator", at: entry.node }, builtIn("ConfigMapGenerator")]);
  }
  for (const entry of kustomization.secretGenerator ?? []) {
    const resource = generate("Secret", entry, options, loader);
    made.push([resource, { kind: "generator", at: entry.node }, builtIn("SecretGenerator")]);
  }
  const charts = chartsOf(kustomization).map((chart) => inNamespace(chart, target.helmNamespace));
  for (const chart of charts) if (!loader.context.helm) throw helmRefused(chart);
  const plugins = readPlugins(target, kustomization.generators ?? []);
  for (const [resource, step, from] of made) add([resource], step, from);
  for (const chart of charts) {
    const resources = inflateChart(chart, loader);
    add(resources, { kind: "generator", at: chart.node }, builtIn("HelmChartInflationGenerator"));
  }
  for (const plugin of plugins) {
    const resources = runGeneratorPlugin(plugin, loader);
    add(resources, { kind: "generator", at: plugin.root }, pluginOrigin(plugin));
  }
}

/** A chart goes into the namespace of its kustomization, or of the nearest that lists it and has one. */
function inNamespace(chart: Chart, namespace: string): Chart {
  return chart.namespace || namespace === "" ? chart : { ...chart, namespace };
}
