// How a chart is asked for: the entries of `helmCharts`, of the older `helmChartInflationGenerator`, and the
// configuration object of the generator of that name (kustomize: api/types/helmchartargs.go).
import type { YamlNode } from "@slipway/yaml";
import { anything, type Decoded, type Decoder, flag, list, record, text } from "../decode.ts";

export const chartFields = (string: Decoder<string>) => ({
  name: string,
  version: string,
  repo: string,
  releaseName: string,
  namespace: string,
  additionalValuesFiles: list(string),
  valuesFile: string,
  valuesInline: anything,
  valuesMerge: string,
  includeCRDs: flag,
  skipHooks: flag,
  apiVersions: list(string),
  kubeVersion: string,
  nameTemplate: string,
  skipTests: flag,
  debug: flag,
  devel: flag,
});

export const helmGlobalFields = (string: Decoder<string>) => ({ chartHome: string, configHome: string });

export const chartDecoder = record(chartFields(text));
export const helmGlobalsDecoder = record(helmGlobalFields(text));
export const oldChartDecoder = record({
  chartName: text,
  chartVersion: text,
  chartRepoUrl: text,
  chartHome: text,
  chartRepoName: text,
  helmBin: text,
  helmHome: text,
  values: text,
  valuesLocal: anything,
  valuesMerge: text,
  releaseName: text,
  releaseNamespace: text,
  extraArgs: list(text),
});

/** A chart with where charts lie and where helm keeps its settings. */
export type Chart = Decoded<ReturnType<typeof chartFields> & ReturnType<typeof helmGlobalFields>>;

interface HelmParts {
  readonly helmCharts?: readonly ReturnType<typeof chartDecoder>[];
  readonly helmGlobals?: ReturnType<typeof helmGlobalsDecoder>;
  readonly helmChartInflationGenerator?: readonly ReturnType<typeof oldChartDecoder>[];
}

/** All charts of a kustomization; the older entries come after the newer ones. */
export function chartsOf(parts: HelmParts): Chart[] {
  const old = parts.helmChartInflationGenerator ?? [];
  const last = (key: "chartHome" | "helmHome") => old.map((entry) => entry[key]).findLast(Boolean);
  const globals = parts.helmGlobals ?? { chartHome: last("chartHome"), configHome: last("helmHome") };
  const shared = {
    ...(globals.chartHome ? { chartHome: globals.chartHome } : {}),
    ...(globals.configHome ? { configHome: globals.configHome } : {}),
  };
  const charts = [...(parts.helmCharts ?? []), ...old.map(modernized)];
  return charts.map((chart) => ({ ...shared, ...chart }));
}

/** The other fields of an older entry are ignored, as in kustomize. */
function modernized(old: ReturnType<typeof oldChartDecoder>): ReturnType<typeof chartDecoder> {
  const named: { node: YamlNode; [key: string]: unknown } = { node: old.node };
  const pairs = {
    name: "chartName",
    version: "chartVersion",
    repo: "chartRepoUrl",
    valuesFile: "values",
  } as const;
  for (const [key, from] of Object.entries(pairs) as [string, keyof typeof old][]) {
    if (old[from] !== undefined) named[key] = old[from];
  }
  if (old.valuesLocal !== undefined) named.valuesInline = old.valuesLocal;
  if (old.valuesMerge !== undefined) named.valuesMerge = old.valuesMerge;
  if (old.releaseName !== undefined) named.releaseName = old.releaseName;
  return named;
}
