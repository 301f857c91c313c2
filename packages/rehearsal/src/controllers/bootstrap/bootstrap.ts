// What a fresh cluster holds besides its namespaces.
import { builtin, groupOf, isApiError, type KubernetesObject } from "@slipway/kubernetes";
import { createNodes } from "../../kubelet/nodes.ts";
import type { Environment } from "../runtime/environment.ts";
import { buildBootstrapRoles } from "./roles.ts";

/** The class that claims get when they name none, and who makes its volumes. */
export const DEFAULT_STORAGE_CLASS = "standard";
export const PROVISIONER = "rehearsal.slipway.dev/volumes";

/** What a cluster is made of at first. */
export interface BootstrapOptions {
  /** How many nodes; 0 when others provide them. */
  readonly nodes: number;
  /** PEM of the CA that signed the API server's certificate. */
  readonly rootCertificate: string;
}

/** Creates what a new cluster has by itself, under the names of those who make it there; what exists is left. */
export async function bootstrapCluster(
  environment: Environment,
  { nodes, rootCertificate }: BootstrapOptions,
): Promise<void> {
  const { client } = environment;
  const objects = [
    ...buildBootstrapRoles(),
    ...priorityClasses(),
    storageClass(),
    authenticationConfig(rootCertificate),
    apiService(),
  ];
  for (const object of objects) {
    const type = builtin(groupOf(object.apiVersion), object.kind);
    try {
      await client.create(type, object, { fieldManager: "kube-apiserver" });
    } catch (error) {
      if (!isApiError(error, 409)) throw error;
    }
  }
  await createNodes(environment, nodes);
}

function priorityClasses(): KubernetesObject[] {
  const build = (name: string, value: number, description: string): KubernetesObject => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    description,
    preemptionPolicy: "PreemptLowerPriority",
  });
  return [
    build(
      "system-cluster-critical",
      2_000_000_000,
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
    build(
      "system-node-critical",
      2_000_001_000,
      "Used for system critical pods that must not be moved from their current node.",
    ),
  ];
}

/** The class that claims get when they name none; its volumes are made for their first consumer. */
export function storageClass(): KubernetesObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: DEFAULT_STORAGE_CLASS,
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}

function authenticationConfig(rootCertificate: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "extension-apiserver-authentication", namespace: "kube-system" },
    data: { "client-ca-file": rootCertificate },
  };
}

/** The API server's own Service; its endpoints are the server's business. */
function apiService(): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { component: "apiserver", provider: "kubernetes" },
    },
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.1",
      clusterIPs: ["10.96.0.1"],
      ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: 6443 }],
    },
  };
}
