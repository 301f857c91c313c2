import { catalogue } from "./catalogue.ts";
import { phases } from "./component.ts";

/**
 * What the release's programs do at run time and no field of its objects says, read from their sources at the
 * release's tags. `inferGraph` of @slipway/graph takes it as `facts`; facts about objects that are not in the
 * set have no effect, so the same table serves every choice of components.
 */
export const runtimeFacts = {
  producers: [
    // istiod's namespace controller (istio pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go).
    {
      by: { group: "apps", kind: "Deployment", namespace: "istio-system", name: "istiod" },
      kind: "ConfigMap",
      name: "istio-ca-root-cert",
    },
  ],
  injections: [
    // The sidecar's template mounts the CA; with the CNI plugin a sidecar's pod fails validation on a node
    // where istio-cni has not installed itself (common/istio/istio-install/base).
    {
      configuration: "istio-sidecar-injector",
      unless: { annotation: "sidecar.istio.io/inject", value: "false" },
      waitsFor: [{ group: "apps", kind: "DaemonSet", namespace: "kube-system", name: "istio-cni-node" }],
      mounts: [{ kind: "ConfigMap", name: "istio-ca-root-cert" }],
    },
  ],
  caInjectors: [
    {
      annotations: [
        "cert-manager.io/inject-ca-from",
        "cert-manager.io/inject-ca-from-secret",
        "cert-manager.io/inject-apiserver-ca",
      ],
      by: { group: "apps", kind: "Deployment", namespace: "cert-manager", name: "cert-manager-cainjector" },
    },
  ],
  tenants: [
    // The profile controller labels each profile's namespace so (applications/profiles: namespace-labels);
    // pipelines and notebooks then run pods in it.
    {
      of: { group: "kubeflow.org", kind: "Profile" },
      namespaceLabels: {
        "app.kubernetes.io/part-of": "kubeflow-profile",
        "istio-injection": "enabled",
        "katib.kubeflow.org/metrics-collector-injection": "enabled",
        "pipelines.kubeflow.org/enabled": "true",
        "serving.kubeflow.org/inferenceservice": "enabled",
      },
    },
  ],
  orderings: [
    {
      from: { group: "cert-manager.io", kind: "Certificate" },
      to: { group: "apps", kind: "Deployment", namespace: "cert-manager", name: "cert-manager" },
      because: "cert-manager's controller issues it",
      reconciles: true,
    },
    {
      from: { group: "cert-manager.io", kind: "Issuer" },
      to: { group: "apps", kind: "Deployment", namespace: "cert-manager", name: "cert-manager" },
      because: "cert-manager's controller sets it up",
      reconciles: true,
    },
    {
      from: { group: "cert-manager.io", kind: "ClusterIssuer" },
      to: { group: "apps", kind: "Deployment", namespace: "cert-manager", name: "cert-manager" },
      because: "cert-manager's controller sets it up",
      reconciles: true,
    },
    ...startUp("ml-pipeline", "mysql", "its API server opens the database while it starts"),
    ...startUp(
      "ml-pipeline",
      "seaweedfs",
      "its API server makes sure that its bucket exists while it starts",
    ),
    ...startUp("ml-pipeline", "minio", "its API server makes sure that its bucket exists while it starts"),
    ...startUp("cache-server", "mysql", "it opens the database while it starts"),
    ...startUp("metadata-grpc-deployment", "mysql", "it opens the database while it starts"),
    ...startUp("metadata-writer", "metadata-grpc-deployment", "it calls the metadata store while it starts"),
    ...startUp("ml-pipeline-persistenceagent", "ml-pipeline", "it waits for the pipelines API"),
    ...startUp("ml-pipeline-scheduledworkflow", "ml-pipeline", "it waits for the pipelines API"),
    ...startUp("katib-db-manager", "katib-mysql", "it opens the database while it starts"),
    ...startUp("model-registry-deployment", "model-registry-db", "it opens the database while it starts"),
    {
      from: { group: "kubeflow.org", kind: "Profile" },
      to: { group: "apps", kind: "Deployment", namespace: "kubeflow", name: "profiles-deployment" },
      because: "the profile controller makes its namespace",
      reconciles: true,
    },
    {
      from: { group: "kubeflow.org", kind: "Profile" },
      to: { group: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "kubeflow-edit" },
      because: "the RoleBindings of its namespace name that role",
    },
  ],
  phases: phases.map((name) => ({
    name,
    components: catalogue.filter((component) => component.phase === name).map((component) => component.name),
  })),
  last: [{ group: "kubeflow.org", kind: "Profile" }],
} as const;

/** A Deployment of namespace kubeflow that calls another while it starts. */
function startUp(from: string, to: string, because: string) {
  const deployment = (name: string) =>
    ({ group: "apps", kind: "Deployment", namespace: "kubeflow", name }) as const;
  return [{ from: deployment(from), to: deployment(to), because }] as const;
}
