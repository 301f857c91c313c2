import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import type { RuntimeFacts } from "./facts.ts";
import { inferGraph } from "./infer-graph.ts";
import { configMap, crd, deployment, inputs, object, service, webhookConfiguration } from "./test-objects.ts";
import type { Graph } from "./types.ts";

/** The edge between two objects, as `kind/until/rule`. */
function between(graph: Graph, from: string, to: string): string[] {
  return graph.edges
    .filter((edge) => edge.from === from && edge.to === to)
    .map((edge) => `${edge.kind} ${edge.until} ${edge.rule}`);
}

test("an object waits for its namespace, a custom resource for its established definition", () => {
  const graph = inferGraph(
    inputs(
      object("example.com/v1", "Widget", "one", { namespace: "shop" }),
      crd("example.com", "Widget", "widgets"),
      object("v1", "Namespace", "shop"),
    ),
  );
  assert.deepEqual(between(graph, "example.com/Widget:shop/one", "/Namespace:-/shop"), [
    "hard exists namespace",
  ]);
  assert.deepEqual(
    between(
      graph,
      "example.com/Widget:shop/one",
      "apiextensions.k8s.io/CustomResourceDefinition:-/widgets.example.com",
    ),
    ["hard ready crd"],
  );
});

test("a namespace on an object of a cluster-scoped kind is dropped, as the API server drops it", () => {
  const graph = inferGraph(
    inputs(
      object("rbac.authorization.k8s.io/v1", "ClusterRole", "reader", { namespace: "shop" }),
      object("v1", "Namespace", "shop"),
    ),
  );
  assert.ok(graph.nodes.has("rbac.authorization.k8s.io/ClusterRole:-/reader"));
  assert.equal(graph.edges.length, 0);
});

test("a pod's references become edges that name the field; optional ones are soft, absent ones are told", () => {
  const workload = deployment("shop", "web", {
    serviceAccountName: "runner",
    volumes: [
      { name: "settings", configMap: { name: "settings" } },
      { name: "extra", configMap: { name: "extra", optional: true } },
      { name: "keys", projected: { sources: [{ secret: { name: "keys" } }] } },
    ],
    containers: [{ name: "main", envFrom: [{ secretRef: { name: "elsewhere" } }] }],
  });
  const graph = inferGraph(
    inputs(
      workload,
      configMap("shop", "settings"),
      configMap("shop", "extra"),
      object("v1", "Secret", "keys", { namespace: "shop" }),
      object("v1", "ServiceAccount", "runner", { namespace: "shop" }),
    ),
  );
  const web = "apps/Deployment:shop/web";
  assert.deepEqual(between(graph, web, "/ConfigMap:shop/settings"), ["hard exists volume-config"]);
  assert.deepEqual(between(graph, web, "/ConfigMap:shop/extra"), ["soft exists volume-config"]);
  assert.deepEqual(between(graph, web, "/Secret:shop/keys"), ["hard exists volume-secret"]);
  assert.deepEqual(between(graph, web, "/ServiceAccount:shop/runner"), ["hard exists service-account"]);
  assert.match(
    graph.edges.find((edge) => edge.to === "/ConfigMap:shop/settings")?.reason ?? "",
    /spec\.template\.spec\.volumes\[settings\] mounts ConfigMap settings/,
  );
  assert.deepEqual(
    graph.missing.map(({ id }) => id.name),
    ["shop", "elsewhere"],
  );
});

test("a Secret that a Certificate makes is a node of its own, made when the Certificate is ready", () => {
  const graph = inferGraph(
    inputs(
      deployment("shop", "web", { volumes: [{ name: "tls", secret: { secretName: "web-tls" } }] }),
      crd("cert-manager.io", "Certificate", "certificates"),
      crd("cert-manager.io", "Issuer", "issuers"),
      object("cert-manager.io/v1", "Certificate", "web", {
        namespace: "shop",
        spec: { secretName: "web-tls", issuerRef: { name: "own", kind: "Issuer" } },
      }),
      object("cert-manager.io/v1", "Issuer", "own", { namespace: "shop", spec: { selfSigned: {} } }),
    ),
  );
  const made = "created:/Secret:shop/web-tls";
  const certificate = "cert-manager.io/Certificate:shop/web";
  assert.equal(graph.nodes.get(made)?.type, "created");
  assert.deepEqual(between(graph, "apps/Deployment:shop/web", made), ["hard exists volume-secret"]);
  assert.deepEqual(between(graph, made, certificate), ["hard ready certificate-secret"]);
  assert.deepEqual(between(graph, certificate, "cert-manager.io/Issuer:shop/own"), ["hard ready issuer"]);
});

test("what a fail-closed webhook admits waits until it answers; what it ignores comes softly", () => {
  const rules = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }];
  const build = (failurePolicy: string | undefined) =>
    inferGraph(
      inputs(
        object("v1", "Namespace", "shop", { labels: { injected: "yes" } }),
        object("v1", "Namespace", "guard"),
        deployment("shop", "web", {}),
        deployment("guard", "guard", {}),
        service("guard", "guard", { app: "guard" }),
        webhookConfiguration("guard", { namespace: "guard", name: "guard" }, [
          {
            rules,
            namespaceSelector: { matchLabels: { injected: "yes" } },
            ...(failurePolicy ? { failurePolicy } : {}),
          },
        ]),
      ),
    );
  const webhook = "webhook:ValidatingWebhookConfiguration/guard/w0.example.com";
  const closed = build(undefined);
  assert.deepEqual(between(closed, "apps/Deployment:shop/web", webhook), ["webhook ready webhook-admits"]);
  assert.deepEqual(between(closed, webhook, "apps/Deployment:guard/guard"), ["hard ready webhook-backing"]);
  assert.deepEqual(between(closed, webhook, "/Service:guard/guard"), ["hard exists webhook-service"]);
  assert.deepEqual(between(closed, "apps/Deployment:guard/guard", webhook), []);
  assert.deepEqual(between(build("Ignore"), "apps/Deployment:shop/web", webhook), [
    "soft ready webhook-admits",
  ]);
});

test("a webhook does not wait for itself: its configuration comes after its own pods", () => {
  const rules = [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"] }];
  const graph = inferGraph(
    inputs(
      object("v1", "Namespace", "guard"),
      configMap("guard", "settings"),
      configMap("guard", "unrelated"),
      deployment("guard", "guard", { volumes: [{ name: "s", configMap: { name: "settings" } }] }),
      service("guard", "guard", { app: "guard" }),
      webhookConfiguration("guard", { namespace: "guard", name: "guard" }, [{ rules }]),
    ),
  );
  const configuration = "admissionregistration.k8s.io/ValidatingWebhookConfiguration:-/guard";
  const own = between(graph, configuration, "apps/Deployment:guard/guard");
  assert.deepEqual(own, ["hard ready webhook-own-needs"]);
  assert.ok(graph.exempted.some(({ edge }) => edge.from === "/ConfigMap:guard/settings"));
  assert.deepEqual(
    between(
      graph,
      "/ConfigMap:guard/unrelated",
      "webhook:ValidatingWebhookConfiguration/guard/w0.example.com",
    ),
    ["webhook ready webhook-admits"],
  );
});

test("matchPolicy Equivalent sees the other versions of a resource, Exact does not", () => {
  const rules = [
    { apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["widgets"] },
  ];
  const admitted = (matchPolicy: string) =>
    inferGraph(
      inputs(
        crd("example.com", "Widget", "widgets", { versions: ["v1", "v1beta1"] }),
        object("example.com/v1beta1", "Widget", "one"),
        webhookConfiguration("guard", { namespace: "guard", name: "guard" }, [{ rules, matchPolicy }]),
      ),
    ).edges.some((edge) => edge.kind === "webhook");
  assert.equal(admitted("Equivalent"), true);
  assert.equal(admitted("Exact"), false);
});

test("an object in another than the stored version waits for its definition's conversion webhook", () => {
  const graph = inferGraph(
    inputs(
      crd("example.com", "Widget", "widgets", {
        versions: ["v1", "v1beta1"],
        conversion: {
          strategy: "Webhook",
          webhook: { clientConfig: { service: { namespace: "shop", name: "convert" } } },
        },
      }),
      object("example.com/v1beta1", "Widget", "old"),
      object("example.com/v1", "Widget", "new"),
    ),
  );
  const webhook = "webhook:CustomResourceDefinition/widgets.example.com/conversion";
  assert.deepEqual(between(graph, "example.com/Widget:-/old", webhook), ["webhook ready conversion"]);
  assert.deepEqual(between(graph, "example.com/Widget:-/new", webhook), []);
});

test("facts: a producer's object is a node, and its own workload does not wait for it", () => {
  const facts: RuntimeFacts = {
    producers: [{ by: { kind: "Deployment", name: "mesh" }, kind: "ConfigMap", name: "root-ca" }],
  };
  const mount = { volumes: [{ name: "ca", configMap: { name: "root-ca" } }] };
  const graph = inferGraph(inputs(deployment("mesh", "mesh", mount), deployment("mesh", "gateway", mount)), {
    facts,
  });
  const made = "created:/ConfigMap:mesh/root-ca";
  assert.deepEqual(between(graph, "apps/Deployment:mesh/gateway", made), ["hard exists volume-config"]);
  assert.deepEqual(between(graph, made, "apps/Deployment:mesh/mesh"), ["hard ready producer"]);
  assert.deepEqual(between(graph, "apps/Deployment:mesh/mesh", made), []);
});

test("a soft edge that would close a cycle is dropped and listed with it", () => {
  const facts: RuntimeFacts = {
    orderings: [
      { from: { kind: "ConfigMap", name: "a" }, to: { kind: "ConfigMap", name: "b" }, because: "first" },
      { from: { kind: "ConfigMap", name: "b" }, to: { kind: "ConfigMap", name: "c" }, because: "second" },
      { from: { kind: "ConfigMap", name: "c" }, to: { kind: "ConfigMap", name: "a" }, because: "third" },
    ],
  };
  const graph = inferGraph(inputs(configMap("n", "a"), configMap("n", "b"), configMap("n", "c")), { facts });
  assert.equal(graph.edges.length, 2);
  const [dropped] = graph.dropped;
  assert.equal(dropped?.edge.from, "/ConfigMap:n/c");
  assert.deepEqual(dropped?.cycle, ["/ConfigMap:n/c", "/ConfigMap:n/a", "/ConfigMap:n/b", "/ConfigMap:n/c"]);
});

test("phases: a workload is written after those of the phase before that can start at once", () => {
  const facts: RuntimeFacts = {
    phases: [{ name: "first", components: ["base"] }, { name: "second" }],
  };
  const graph = inferGraph(
    [
      { object: deployment("n", "app", {}), component: "app" },
      { object: deployment("n", "core", {}), component: "base" },
    ],
    { facts },
  );
  assert.deepEqual(between(graph, "apps/Deployment:n/app", "apps/Deployment:n/core"), ["soft exists phase"]);
});

test("the same object twice is refused, naming both places", () => {
  const twice = [
    { object: configMap("n", "a"), origin: { file: "one.yaml", line: 3, column: 1 } },
    { object: configMap("n", "a"), origin: { file: "two.yaml", line: 7, column: 1 } },
  ];
  assert.throws(
    () => inferGraph(twice),
    (error) => {
      assert.ok(error instanceof ProblemError);
      assert.equal(error.problem.code, "graph/duplicate-object");
      assert.equal(error.problem.position?.file, "two.yaml");
      assert.equal(error.problem.related?.[0]?.position?.file, "one.yaml");
      return true;
    },
  );
});

test("a kind that nothing defines is refused with what was meant, unless the cluster knows it", () => {
  const set = inputs(crd("example.com", "Widget", "widgets"), object("example.com/v1", "Wigdet", "one"));
  assert.throws(
    () => inferGraph(set),
    (error) =>
      error instanceof ProblemError &&
      error.problem.code === "graph/unknown-kind" &&
      error.problem.next === "Did you mean Widget.example.com?",
  );
  assert.equal(inferGraph(set, { known: ({ kind }) => kind === "Wigdet" }).nodes.size, 2);
});

test("a version that the definition does not serve is refused", () => {
  assert.throws(
    () =>
      inferGraph(inputs(crd("example.com", "Widget", "widgets"), object("example.com/v9", "Widget", "one"))),
    (error) => error instanceof ProblemError && error.problem.code === "graph/version-not-served",
  );
});

test("hard edges in a circle are refused with the shortest loop and its reasons", () => {
  const mount = (secretName: string) => ({ volumes: [{ name: "v", secret: { secretName } }] });
  const facts: RuntimeFacts = {
    producers: [
      { by: { kind: "Deployment", name: "a" }, kind: "Secret", name: "from-a" },
      { by: { kind: "Deployment", name: "b" }, kind: "Secret", name: "from-b" },
    ],
  };
  assert.throws(
    () =>
      inferGraph(inputs(deployment("n", "a", mount("from-b")), deployment("n", "b", mount("from-a"))), {
        facts,
      }),
    (error) => {
      assert.ok(error instanceof ProblemError);
      assert.equal(error.problem.code, "graph/cycle");
      assert.equal(error.problem.related?.length, 4);
      assert.ok(error.problem.related.some(({ message }) => message.includes("mounts Secret from-b")));
      return true;
    },
  );
});

test("the order of the input does not change the edges", () => {
  const set = inputs(
    object("v1", "Namespace", "shop"),
    deployment("shop", "web", { serviceAccountName: "runner" }),
    object("v1", "ServiceAccount", "runner", { namespace: "shop" }),
    service("shop", "web", { app: "web" }),
  );
  const edges = (graph: Graph) => graph.edges.map((edge) => JSON.stringify(edge)).sort();
  assert.deepEqual(edges(inferGraph(set)), edges(inferGraph([...set].reverse())));
});
