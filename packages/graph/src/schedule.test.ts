import assert from "node:assert/strict";
import { test } from "node:test";
import { explainNode } from "./explain-node.ts";
import { inferGraph } from "./infer-graph.ts";
import { printGraphDot, printGraphMermaid } from "./print/diagram.ts";
import { printGraphJson } from "./print/json.ts";
import { printExplanationText, printGraphText } from "./print/text.ts";
import { criticalPath, stepsOf, topologicalOrder } from "./schedule.ts";
import { configMap, crd, deployment, inputs, object } from "./test-objects.ts";
import type { GraphNode } from "./types.ts";

const graph = inferGraph(
  inputs(
    deployment("shop", "web", { volumes: [{ name: "tls", secret: { secretName: "web-tls" } }] }),
    configMap("shop", "settings"),
    object("cert-manager.io/v1", "Certificate", "web", {
      namespace: "shop",
      spec: { secretName: "web-tls", issuerRef: { name: "own" } },
    }),
    object("cert-manager.io/v1", "Issuer", "own", { namespace: "shop" }),
    crd("cert-manager.io", "Certificate", "certificates"),
    crd("cert-manager.io", "Issuer", "issuers"),
  ),
);
const duration = (node: GraphNode) =>
  node.type === "object" ? ({ Deployment: 10_000, Issuer: 300, Certificate: 200 }[node.id.kind] ?? 0) : 0;

test("a topological order puts everything after what it waits for", () => {
  const position = new Map(topologicalOrder(graph).map((node, at) => [node.key, at]));
  assert.equal(position.size, graph.nodes.size);
  for (const { from, to } of graph.edges) assert.ok((position.get(to) ?? 0) < (position.get(from) ?? 0));
});

test("a step is how often something must become ready before", () => {
  const steps = stepsOf(graph);
  assert.equal(steps.get("cert-manager.io/Issuer:shop/own"), 1);
  assert.equal(steps.get("cert-manager.io/Certificate:shop/web"), 2);
  assert.equal(steps.get("apps/Deployment:shop/web"), 3);
  assert.equal(steps.get("/ConfigMap:shop/settings"), 0);
});

test("the critical path adds up what must become ready one after the other", () => {
  const { durationMs, steps } = criticalPath(graph, duration);
  assert.equal(durationMs, 10_500);
  assert.deepEqual(steps.map(({ node, startMs, readyMs }) => [node, startMs, readyMs]).slice(-4), [
    ["cert-manager.io/Issuer:shop/own", 0, 300],
    ["cert-manager.io/Certificate:shop/web", 300, 500],
    ["created:/Secret:shop/web-tls", 500, 500],
    ["apps/Deployment:shop/web", 500, 10_500],
  ]);
});

test("what a controller makes ready takes its time only once that controller is ready", () => {
  const controller = { group: "apps", kind: "Deployment", namespace: "shop", name: "issuers" };
  const reconciled = inferGraph(
    inputs(
      deployment("shop", "issuers", {}),
      object("cert-manager.io/v1", "Issuer", "own", { namespace: "shop" }),
      crd("cert-manager.io", "Issuer", "issuers"),
    ),
    {
      facts: {
        orderings: [{ from: { kind: "Issuer" }, to: controller, because: "it is set up", reconciles: true }],
      },
    },
  );
  const { durationMs, steps } = criticalPath(reconciled, duration);
  assert.equal(durationMs, 10_300);
  assert.deepEqual(steps.map(({ node, startMs, readyMs }) => [node, startMs, readyMs]).slice(-2), [
    ["apps/Deployment:shop/issuers", 0, 10_000],
    ["cert-manager.io/Issuer:shop/own", 0, 10_300],
  ]);
  assert.equal(stepsOf(reconciled).get("cert-manager.io/Issuer:shop/own"), 1);
});

test("an explanation tells the chain, both directions and the reasons", () => {
  const explanation = explainNode(graph, "cert-manager.io/Certificate:shop/web");
  assert.ok(explanation);
  assert.equal(explanation.step, 2);
  assert.deepEqual(
    explanation.chain.map((edge) => edge.to),
    [
      "apiextensions.k8s.io/CustomResourceDefinition:-/issuers.cert-manager.io",
      "cert-manager.io/Issuer:shop/own",
    ],
  );
  assert.deepEqual(
    explanation.neededBy.map((edge) => edge.from),
    ["created:/Secret:shop/web-tls"],
  );
  const text = printExplanationText(graph, explanation);
  assert.match(text, /Certificate\/shop\/web is in step 3/);
  assert.match(text, /Issuer\/shop\/own, until it is ready \[hard\]\n +spec\.issuerRef names Issuer own/);
  assert.equal(explainNode(graph, "nothing"), undefined);
});

test("an explanation tells edges of one reason together", () => {
  const facts = { last: [{ kind: "ConfigMap", name: "last" }] };
  const set = inputs(
    configMap("n", "last"),
    ...["a", "b", "c"].map((name) => deployment(name, name, { serviceAccountName: name })),
  );
  const ordered = inferGraph(set, { facts });
  const explanation = explainNode(ordered, "/ConfigMap:n/last");
  assert.ok(explanation);
  const text = printExplanationText(ordered, explanation);
  assert.match(text, /Deployment\/a\/a and 2 more \[soft\]\n +ConfigMap objects come after/);
  assert.doesNotMatch(text, /Deployment\/b/);
});

test("printers: text names steps and the critical path, JSON holds every node and edge", () => {
  const path = criticalPath(graph, duration);
  const text = printGraphText(graph, { criticalPath: path });
  assert.match(text, /^6 objects in 4 steps/);
  assert.match(text, /Critical path: 10\.5 s/);
  assert.match(text, /Deployment\/shop\/web {2}waits for|Deployment\/shop\/web/);
  const document = JSON.parse(printGraphJson(graph));
  assert.equal(document.kind, "Graph");
  assert.equal(document.nodes.length, graph.nodes.size);
  assert.equal(document.edges.length, graph.edges.length);
});

test("drawings have one box for each object or component, and no arrow inside a box", () => {
  const objects = printGraphDot(graph, "objects");
  assert.equal(objects.match(/\[label=/g)?.length, graph.nodes.size);
  assert.match(objects, /^digraph slipway \{/);
  const components = printGraphMermaid(graph, "components");
  assert.equal(components.match(/\["/g)?.length, 2);
  assert.match(components, /n\d+ --> n\d+/);
});
