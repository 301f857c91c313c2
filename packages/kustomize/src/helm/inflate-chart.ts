// Makes objects of a helm chart (kustomize: HelmChartInflationGenerator).
import { ProblemError } from "@slipway/yaml";
import { join, type Loader, loadFile } from "../loader.ts";
import { joinPaths } from "../posix-path.ts";
import { failure } from "../problem.ts";
import { readResources } from "../read-resources.ts";
import type { Resource } from "../resource.ts";
import { appendAll } from "../resource-list.ts";
import type { Chart } from "./chart.ts";
import { chartValues } from "./chart-values.ts";
import type { Helm } from "./helm.ts";
import { pullArguments, templateArguments } from "./helm-arguments.ts";

/**
 * Inflates a chart. One that is not in its folder is pulled there first, if the entry says from where. Throws a
 * ProblemError when the build was given no helm, or when helm fails.
 */
export function inflateChart(chart: Chart, loader: Loader): Resource[] {
  const { helm } = loader.context;
  if (!helm) throw helmRefused(chart);
  const { name = "", repo = "", version = "", node } = chart;
  if (name === "") throw failure("wrong-chart", "chart name cannot be empty", { node });
  const home = join(loader.root, chart.chartHome || "charts");
  const shelf = version !== "" && repo !== "" ? joinPaths(home, `${name}-${version}`) : home;
  const folder = joinPaths(shelf, name);
  const more = (chart.additionalValuesFiles ?? []).map((file) => {
    loadFile(loader, file, node);
    return join(loader.root, file);
  });
  const run = (args: readonly string[], input?: string) => runHelm(helm, chart, args, input);
  requireSupported(run(["version", "--short"]), chart);
  if (loader.context.fileSystem.kind(folder) !== "directory") {
    if (repo === "") {
      throw failure("no-chart", `no repo specified for pull, no chart found at '${folder}'`, {
        node,
        next: `Put the chart into that folder, or say under repo where it is.`,
      });
    }
    run(pullArguments(chart, shelf));
  }
  const values = chartValues(chart, joinPaths(folder, "values.yaml"), loader);
  const printed = run(templateArguments(chart, folder, more, helm), values);
  return resourcesOf(printed, chart);
}

/** The error for a chart in a build that may not run helm. */
export function helmRefused({ node }: Pick<Chart, "node">): Error {
  return failure("refused-helm", "a helm chart is inflated only on request: must specify --enable-helm", {
    node,
    next: "Say --enable-helm, or run `helm template` and list its output under resources.",
  });
}

function runHelm(helm: Helm, chart: Chart, args: readonly string[], input: string | undefined): string {
  try {
    return helm.run(args, {
      ...(input === undefined ? {} : { input }),
      ...(chart.configHome ? { configHome: chart.configHome } : {}),
    });
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failure("helm", `helm ${args[0]} failed for the chart ${chart.name}: ${why.trim()}`, {
      node: chart.node,
      next: `Run it by hand: helm ${args.join(" ")}`,
      cause,
    });
  }
}

function requireSupported(printed: string, chart: Chart): void {
  const version = /v?(\d+)(\.\d+)+/.exec(printed);
  if (version?.[1] === "3" || version?.[1] === "4") return;
  const found = version?.[0] ?? JSON.stringify(printed.trim());
  throw failure("helm", `helm 3 or 4 is needed, this is ${found}`, { node: chart.node });
}

/** Helm may say something before the first document; that is left out only when the whole can't be read. */
function resourcesOf(printed: string, chart: Chart): Resource[] {
  const file = `chart ${chart.name}`;
  const read = (text: string) => {
    const resources: Resource[] = [];
    appendAll(resources, readResources(text, { file }));
    return resources;
  };
  let resources: Resource[];
  try {
    resources = read(printed);
  } catch (error) {
    const start = printed.search(/^---/m);
    if (start <= 0) throw error;
    resources = read(printed.slice(start));
  }
  for (const resource of resources) resource.fromHelm = true;
  return resources;
}
