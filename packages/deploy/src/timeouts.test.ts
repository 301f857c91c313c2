import assert from "node:assert/strict";
import { test } from "node:test";
import type { GraphNode } from "@slipway/graph";
import { timeoutOf } from "./timeouts.ts";

const node = (kind: string, namespace?: string, component?: string): GraphNode => {
  const id = { group: "", kind, name: "x", ...(namespace ? { namespace } : {}) };
  const object = { apiVersion: "v1", kind, metadata: { name: "x" } };
  return { type: "object", key: "k", id, object, ...(component ? { component } : {}) };
};

test("defaults: the parts whose waits are known by namespace, others by kind", () => {
  assert.equal(timeoutOf(node("Deployment", "cert-manager")), 180_000);
  assert.equal(timeoutOf(node("Deployment", "istio-system")), 300_000);
  assert.equal(timeoutOf(node("Deployment", "auth")), 180_000);
  assert.equal(timeoutOf(node("Deployment", "kubeflow")), 600_000);
  assert.equal(timeoutOf(node("Widget")), 300_000);
  assert.equal(timeoutOf(node("toString")), 300_000);
});

test("what is set wins: component, then namespace, then kind, then the rest", () => {
  const set = { components: { dex: 1 }, namespaces: { auth: 2 }, kinds: { Deployment: 3 }, otherwise: 4 };
  assert.equal(timeoutOf(node("Deployment", "auth", "dex"), set), 1);
  assert.equal(timeoutOf(node("Deployment", "auth", "other"), set), 2);
  assert.equal(timeoutOf(node("Deployment", "kubeflow"), set), 3);
  assert.equal(timeoutOf(node("ConfigMap", "cert-manager"), set), 4);
});

test("a webhook counts as of its Service's namespace", () => {
  const webhook: GraphNode = {
    type: "webhook",
    key: "w",
    configuration: { group: "g", kind: "K", name: "c" },
    webhook: "w",
    service: { namespace: "cert-manager", name: "s", port: 443 },
  };
  assert.equal(timeoutOf(webhook), 180_000);
});
