// Built-in generators that a configuration object asks for.
import { collectionNode, type YamlNode } from "@slipway/yaml";
import { looseText, record } from "../decode.ts";
import { generate } from "../generators/config-map.ts";
import { chartFields, helmGlobalFields } from "../helm/chart.ts";
import { inflateChart } from "../helm/inflate-chart.ts";
import { generatorFields } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { failure } from "../problem.ts";
import { kindOf, makeResource, type Resource } from "../resource.ts";
import { createdScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import { metadata, pluginConfig } from "./plugin-config.ts";
import { refuseForeign, unknownPlugin } from "./refusals.ts";

const generatorConfig = pluginConfig({ ...generatorFields(looseText, "ignore"), type: looseText, metadata });
const policyConfig = pluginConfig({
  cloud: looseText,
  kubernetesService: record({ name: looseText, namespace: looseText }, "ignore"),
  serviceAccount: record({ name: looseText, projectId: looseText }, "ignore"),
});

const chartConfig = pluginConfig({ ...chartFields(looseText), ...helmGlobalFields(looseText) });

type Generate = (root: YamlNode, loader: Loader) => Resource[];
const generators: Readonly<Record<string, Generate>> = {
  ConfigMapGenerator: (root, loader) => [generated("ConfigMap", root, loader)],
  SecretGenerator: (root, loader) => [generated("Secret", root, loader)],
  HelmChartInflationGenerator: (root, loader) => inflateChart(chartConfig(root, ""), loader),
  IAMPolicyGenerator: (root) => [policyAccount(root)],
};

function generated(kind: "ConfigMap" | "Secret", root: YamlNode, loader: Loader): Resource {
  const entry = generatorConfig(root, "");
  const name = entry.name || entry.metadata?.name || "";
  const namespace = entry.namespace || entry.metadata?.namespace || "";
  return generate(kind, { ...entry, name, namespace, type: entry.type ?? "" }, undefined, loader);
}

/** A service account bound to one of Google's. */
function policyAccount(root: YamlNode): Resource {
  const entry = policyConfig(root, "");
  if (entry.cloud !== "gke") {
    throw failure("wrong-config", `cloud provider ${entry.cloud ?? ""} not supported yet`, { node: root });
  }
  const step: Step = { kind: "generator", at: root };
  const scalar = (key: string, text: string) => Object.assign(createdScalar(text, "string", step), { key });
  const account = `${entry.serviceAccount?.name ?? ""}@${entry.serviceAccount?.projectId ?? ""}.iam.gserviceaccount.com`;
  const meta = [
    Object.assign(collectionNode("map", [scalar("iam.gke.io/gcp-service-account", account)]), {
      key: "annotations",
    }),
    scalar("name", entry.kubernetesService?.name ?? ""),
  ];
  const namespace = entry.kubernetesService?.namespace ?? "";
  if (namespace !== "") meta.push(scalar("namespace", namespace));
  return makeResource(
    collectionNode("map", [
      scalar("apiVersion", "v1"),
      scalar("kind", "ServiceAccount"),
      Object.assign(collectionNode("map", meta), { key: "metadata" }),
    ]),
  );
}

/** Runs the generator that an object configures. */
export function runGeneratorPlugin(plugin: Resource, loader: Loader): Resource[] {
  refuseForeign(plugin);
  const run = generators[kindOf(plugin)];
  if (run) return run(plugin.root, loader);
  throw unknownPlugin(plugin, "generator", kindOf(plugin).endsWith("Transformer"));
}
