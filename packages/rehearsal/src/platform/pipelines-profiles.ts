// Imitates Metacontroller with the pipelines' profile controller: what each tenant's pipelines need to run.
// Leaves out artifact proxies, bucket policies and the resync of Metacontroller.
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { textAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { workloads } from "./facts.ts";
import { createWorkloadGate } from "./workload-gate.ts";

const namespaces = builtin("", "Namespace");
const configMaps = builtin("", "ConfigMap");
const secrets = builtin("", "Secret");
const enabledLabel = "pipelines.kubeflow.org/enabled";
const secretName = "mlpipeline-minio-artifact";

/** Equips labelled namespaces while Metacontroller and its hook are available. */
export function runPipelinesProfiles(environment: Environment): void {
  const { caches } = environment;
  const gate = createWorkloadGate(environment, [workloads.metacontroller, workloads.pipelinesProfiles]);
  const namespaceCache = caches.follow(namespaces);
  const configMapCache = caches.follow(configMaps);
  const secretCache = caches.follow(secrets);
  const { namespace: home } = workloads.pipelinesProfiles;

  const controller = runController(environment, {
    name: "metacontroller",
    manager: "metacontroller",
    reconcile,
  });
  controller.watch(namespaceCache, ({ metadata }) =>
    metadata.labels?.[enabledLabel] ? [metadata.name] : [],
  );
  gate.onChange(() => {
    for (const { metadata } of namespaceCache.list()) controller.enqueue(metadata.name);
  });

  async function reconcile(name: string, { write }: ControllerTools): Promise<void> {
    const namespace = namespaceCache.get(name);
    if (!gate.isOpen() || namespace?.metadata.labels?.[enabledLabel] !== "true") return;
    if (namespace.metadata.deletionTimestamp) return;
    for (const object of configMapsOf(name)) {
      if (!configMapCache.get(object.metadata.name, name)) await write.create(configMaps, object);
    }
    const source = secretCache.get(secretName, home);
    if (!source || secretCache.get(secretName, name)) return;
    const data = source.data as JsonObject;
    await write.create(secrets, { ...owned("Secret", secretName, name), data });
  }

  function configMapsOf(name: string): KubernetesObject[] {
    const bucket = textAt(configMapCache.get("pipeline-install-config", home), "data", "bucketName");
    return [
      {
        ...owned("ConfigMap", "kfp-launcher", name),
        data: {
          defaultPipelineRoot: `minio://${bucket ?? "mlpipeline"}/private-artifacts/${name}/v2/artifacts`,
        },
      },
      {
        ...owned("ConfigMap", "metadata-grpc-configmap", name),
        data: {
          METADATA_GRPC_SERVICE_HOST: `metadata-grpc-service.${home}`,
          METADATA_GRPC_SERVICE_PORT: "8080",
        },
      },
    ];
  }
}

function owned(kind: string, name: string, namespace: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      namespace,
      annotations: { "metacontroller.k8s.io/decorator-controller": "kubeflow-pipelines-profile-controller" },
    },
  };
}
