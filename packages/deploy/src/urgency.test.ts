import assert from "node:assert/strict";
import { test } from "node:test";
import { inferGraph } from "@slipway/graph";
import type { KubernetesObject } from "@slipway/kubernetes";
import { urgencies } from "./urgency.ts";

const definition = (kind: string, description = ""): KubernetesObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.example.com`, annotations: { description } },
  spec: { group: "example.com", scope: "Cluster", names: { kind }, versions: [{ name: "v1", served: true }] },
});
const objects: readonly KubernetesObject[] = [
  definition("Slow"),
  definition("Idle"),
  definition("Large", "that says at length what it is for"),
  { apiVersion: "example.com/v1", kind: "Slow", metadata: { name: "slow" } },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "page", namespace: "web" } },
  { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "unused", namespace: "web" } },
];
const durations: Readonly<Record<string, number>> = {
  Slow: 5_000,
  page: 9_000,
  CustomResourceDefinition: 100,
};

test("the controller that makes something ready has that thing's way behind it", () => {
  const graph = inferGraph(
    objects.map((object) => ({ object })),
    {
      facts: {
        orderings: [
          {
            from: { kind: "Slow" },
            to: { kind: "ConfigMap", name: "unused" },
            because: "it does",
            reconciles: true,
          },
        ],
      },
    },
  );
  const took: Readonly<Record<string, number>> = { slow: 5_000, unused: 300 };
  const urgent = urgencies(graph, (node) => (node.type === "object" ? (took[node.id.name] ?? 0) : 0));
  assert.equal(urgent.get("/ConfigMap:web/unused"), 5_300);
  assert.equal(urgent.get("/ConfigMap:web/page"), 0);
});

test("the longest way goes first, of definitions with none behind them the small ones", () => {
  const graph = inferGraph(objects.map((object) => ({ object })));
  const urgent = urgencies(graph, (node) =>
    node.type === "object" ? (durations[node.id.name] ?? durations[node.id.kind] ?? 0) : 0,
  );
  const order = [...urgent.keys()]
    .sort((a, b) => (urgent.get(b) ?? 0) - (urgent.get(a) ?? 0))
    .map((key) => key.split(/[:/]/).at(-1));
  assert.deepEqual(order.slice(0, 2).sort(), ["page", "web"]);
  assert.deepEqual(order.slice(2), [
    "slows.example.com",
    "slow",
    "idles.example.com",
    "larges.example.com",
    "unused",
  ]);
});
