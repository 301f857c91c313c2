// The command lines that kustomize 5.8.1 gives helm (api/types/helmchartargs.go).
import type { Chart } from "./chart.ts";
import type { Helm } from "./helm.ts";

/** `helm template …` for a chart in a folder. Its values come by standard input. */
export function templateArguments(
  chart: Chart,
  folder: string,
  valuesFiles: readonly string[],
  helm: Helm,
): string[] {
  const apiVersions = chart.apiVersions?.length ? chart.apiVersions : (helm.apiVersions ?? []);
  const kubeVersion = chart.kubeVersion || helm.kubeVersion;
  return [
    "template",
    chart.releaseName || "--generate-name",
    folder,
    ...(chart.namespace ? ["--namespace", chart.namespace] : []),
    ...(chart.nameTemplate ? ["--name-template", chart.nameTemplate] : []),
    ...["-", ...valuesFiles].flatMap((file) => ["-f", file]),
    ...apiVersions.flatMap((version) => ["--api-versions", version]),
    ...(kubeVersion ? ["--kube-version", kubeVersion] : []),
    ...(chart.includeCRDs ? ["--include-crds"] : []),
    ...(chart.skipTests ? ["--skip-tests"] : []),
    ...(chart.skipHooks ? ["--no-hooks"] : []),
    ...(chart.debug || helm.debug ? ["--debug"] : []),
    ...(chart.devel ? ["--devel"] : []),
  ];
}

/** `helm pull …` of a chart into a folder. */
export function pullArguments(chart: Chart, folder: string): string[] {
  const { name = "", repo = "" } = chart;
  const place = repo.startsWith("oci://") ? [`${repo.replace(/\/$/, "")}/${name}`] : ["--repo", repo, name];
  return [
    "pull",
    "--untar",
    "--untardir",
    folder,
    ...place,
    ...(chart.version ? ["--version", chart.version] : []),
    ...(chart.devel ? ["--devel"] : []),
  ];
}
