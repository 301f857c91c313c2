import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes/objects";
import type { JsonObject } from "@slipway/yaml";
import type { RuntimeFacts } from "../facts.ts";
import { inferGraph } from "../infer-graph.ts";
import { crd, deployment, inputs, object, service, webhookConfiguration } from "../test-objects.ts";

/** Every edge as `from -> to (kind until rule)`, without edges to namespaces. */
function edgesOf(objects: readonly KubernetesObject[], facts: RuntimeFacts = {}): string[] {
  return inferGraph(inputs(...objects), { facts })
    .edges.filter((edge) => edge.rule !== "namespace")
    .map(({ from, to, kind, until, rule }) => `${short(from)} -> ${short(to)} (${kind} ${until} ${rule})`);
}

/** `Kind/name` of a key. */
function short(key: string): string {
  if (key.startsWith("webhook:")) return "webhook";
  return key.replace(/^(created:)?[^/]*\/([^:]*):[^/]*\//, "$1$2/");
}

const inShop = { namespace: "shop" };
const rbac = "rbac.authorization.k8s.io/v1";

test("bindings need their role; subjects before them, and bindings before pods, where possible", () => {
  const binding = {
    ...object(rbac, "RoleBinding", "b", inShop),
    roleRef: { kind: "Role", name: "r" },
    subjects: [{ kind: "ServiceAccount", name: "runner" }],
  };
  assert.deepEqual(
    edgesOf([
      binding,
      object(rbac, "Role", "r", inShop),
      object("v1", "ServiceAccount", "runner", inShop),
      deployment("shop", "web", { serviceAccountName: "runner" }),
    ]).sort(),
    [
      "Deployment/web -> RoleBinding/b (soft exists rights)",
      "Deployment/web -> ServiceAccount/runner (hard exists service-account)",
      "RoleBinding/b -> Role/r (hard exists role)",
      "RoleBinding/b -> ServiceAccount/runner (soft exists subject)",
    ],
  );
});

test("pods without a service account use the namespace's default one, which Kubernetes makes", () => {
  assert.deepEqual(edgesOf([object("v1", "Namespace", "shop"), deployment("shop", "web", {})]), [
    "Deployment/web -> created:ServiceAccount/default (hard exists service-account)",
    "created:ServiceAccount/default -> Namespace/shop (hard exists default-account)",
  ]);
});

test("pods: claims, classes and pull secrets that are in the set", () => {
  const pods: JsonObject = {
    priorityClassName: "high",
    runtimeClassName: "safe",
    imagePullSecrets: [{ name: "registry" }, { name: "elsewhere" }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
  };
  assert.deepEqual(
    edgesOf([
      deployment("shop", "web", pods),
      object("v1", "PersistentVolumeClaim", "data", { ...inShop, spec: { storageClassName: "fast" } }),
      object("storage.k8s.io/v1", "StorageClass", "fast"),
      object("scheduling.k8s.io/v1", "PriorityClass", "high"),
      object("node.k8s.io/v1", "RuntimeClass", "safe"),
      object("v1", "Secret", "registry", inShop),
    ]).sort(),
    [
      "Deployment/web -> PersistentVolumeClaim/data (hard exists volume-claim)",
      "Deployment/web -> PriorityClass/high (hard exists priority-class)",
      "Deployment/web -> RuntimeClass/safe (hard exists runtime-class)",
      "Deployment/web -> Secret/registry (hard exists pull-secret)",
      "PersistentVolumeClaim/data -> StorageClass/fast (hard exists storage-class)",
    ],
  );
});

test("what stands around pods: autoscalers and budgets after them, policies and Services before", () => {
  const selector = { matchLabels: { app: "web" } };
  assert.deepEqual(
    edgesOf([
      deployment("shop", "web", {}),
      service("shop", "web", { app: "web" }),
      service("shop", "other", { app: "other" }),
      object("networking.k8s.io/v1", "NetworkPolicy", "all", { ...inShop, spec: { podSelector: {} } }),
      object("policy/v1", "PodDisruptionBudget", "pdb", { ...inShop, spec: { selector } }),
      object("autoscaling/v2", "HorizontalPodAutoscaler", "hpa", {
        ...inShop,
        spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
      }),
    ]).sort(),
    [
      "Deployment/web -> NetworkPolicy/all (soft exists network-policy)",
      "Deployment/web -> Service/web (soft exists service)",
      "HorizontalPodAutoscaler/hpa -> Deployment/web (hard exists scale-target)",
      "PodDisruptionBudget/pdb -> Deployment/web (soft exists disruption-budget)",
    ],
  );
});

test("an aggregated API is ready when the pods behind it are, its objects come after it", () => {
  const known = () => true;
  const graph = inferGraph(
    inputs(
      object("apiregistration.k8s.io/v1", "APIService", "v1.things.example.com", {
        spec: { group: "things.example.com", version: "v1", service: { namespace: "shop", name: "things" } },
      }),
      service("shop", "things", { app: "things" }),
      deployment("shop", "things", {}),
      object("things.example.com/v1", "Thing", "one"),
    ),
    { known },
  );
  const rules = graph.edges
    .filter((edge) => edge.rule === "api-service")
    .map((edge) => `${short(edge.from)} -> ${short(edge.to)} (${edge.until})`);
  assert.deepEqual(rules, [
    "APIService/v1.things.example.com -> Service/things (exists)",
    "APIService/v1.things.example.com -> Deployment/things (ready)",
    "Thing/one -> APIService/v1.things.example.com (ready)",
  ]);
});

test("a CA issuer waits for its Secret; a ClusterIssuer's lies in cert-manager's namespace", () => {
  const issuer = { spec: { ca: { secretName: "ca" } } };
  assert.deepEqual(
    edgesOf([
      crd("cert-manager.io", "Issuer", "issuers"),
      crd("cert-manager.io", "ClusterIssuer", "clusterissuers", { versions: ["v1"] }),
      object("cert-manager.io/v1", "Issuer", "own", { ...inShop, ...issuer }),
      object("cert-manager.io/v1", "ClusterIssuer", "all", issuer),
      object("v1", "Secret", "ca", inShop),
      object("v1", "Secret", "ca", { namespace: "cert-manager" }),
    ]).filter((edge) => !edge.includes("crd")),
    [
      "Issuer/own -> Secret/ca (hard exists issuer-ca)",
      "ClusterIssuer/all -> Secret/ca (hard exists issuer-ca)",
    ],
  );
});

const podRule = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }];

/** A mesh whose webhook admits pods of namespaces with `mesh=on`. */
function mesh(): KubernetesObject[] {
  const configuration = webhookConfiguration("injector", { namespace: "mesh", name: "mesh" }, [
    { rules: podRule, namespaceSelector: { matchLabels: { mesh: "on" } } },
  ]);
  configuration.metadata.annotations = { "example.com/inject-ca": "yes" };
  return [
    configuration,
    object("v1", "Namespace", "shop", { labels: { mesh: "on" } }),
    deployment("mesh", "cni", {}),
    deployment("mesh", "injector-of-ca", {}),
  ];
}

const meshFacts: RuntimeFacts = {
  injections: [
    {
      configuration: "injector",
      unless: { annotation: "mesh", value: "off" },
      waitsFor: [{ kind: "Deployment", name: "cni" }],
      mounts: [{ kind: "ConfigMap", name: "root-ca" }],
    },
  ],
  producers: [{ by: { kind: "Deployment", name: "cni" }, kind: "ConfigMap", name: "root-ca" }],
  caInjectors: [
    { annotations: ["example.com/inject-ca"], by: { kind: "Deployment", name: "injector-of-ca" } },
  ],
  tenants: [{ of: { kind: "Tenant" }, namespaceLabels: { mesh: "on" } }],
};

test("facts: injected pods need what injection adds, unless an annotation passes them by", () => {
  const plain = deployment("shop", "plain", {});
  const passed = deployment("shop", "passed", {});
  (passed.spec as { template: JsonObject }).template.metadata = {
    labels: { app: "passed" },
    annotations: { mesh: "off" },
  };
  const edges = edgesOf([...mesh(), plain, passed], meshFacts);
  assert.ok(edges.includes("Deployment/plain -> Deployment/cni (hard ready injection)"));
  assert.ok(edges.includes("Deployment/plain -> created:ConfigMap/root-ca (hard exists injection)"));
  assert.ok(edges.includes("Deployment/passed -> webhook (webhook ready webhook-admits)"));
  assert.ok(!edges.some((edge) => edge.startsWith("Deployment/passed") && edge.includes("injection")));
});

test("facts: a webhook waits for whoever gives it its CA; a tenant for the webhooks on its pods", () => {
  const tenant = object("example.com/v1", "Tenant", "team");
  const edges = edgesOf(
    [...mesh(), crd("example.com", "Tenant", "tenants", { versions: ["v1"] }), tenant],
    meshFacts,
  );
  assert.ok(edges.includes("webhook -> Deployment/injector-of-ca (hard ready ca-injector)"));
  assert.ok(edges.includes("Tenant/team -> webhook (webhook ready webhook-admits)"));
  assert.ok(edges.includes("Tenant/team -> Deployment/cni (hard ready injection)"));
});

test("facts: the last objects come after every workload, configuration before the pods of its component", () => {
  const facts: RuntimeFacts = { last: [{ kind: "ConfigMap", name: "last" }] };
  const graph = inferGraph(
    [
      { object: object("v1", "ConfigMap", "last", inShop), component: "tenants" },
      { object: object("v1", "ConfigMap", "settings", inShop), component: "web" },
      { object: deployment("shop", "web", {}), component: "web" },
    ],
    { facts },
  );
  assert.deepEqual(
    graph.edges.map(({ from, to, rule }) => `${short(from)} -> ${short(to)} (${rule})`),
    ["Deployment/web -> ConfigMap/settings (kind-order)", "ConfigMap/last -> Deployment/web (last)"],
  );
});
