import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin } from "@slipway/kubernetes";
import { startServer, widgetDefinition } from "./testing.ts";

const apiServices = builtin("apiregistration.k8s.io", "APIService");
const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");
const label = "kube-aggregator.kubernetes.io/automanaged";

test("the server's own groups have APIServices that are available", async () => {
  const { client } = await startServer();
  const core = await client.get(apiServices, { name: "v1." });
  assert.deepEqual(core.spec, { version: "v1", groupPriorityMinimum: 18000, versionPriority: 1 });
  const apps = await client.get(apiServices, { name: "v1.apps" });
  assert.equal(apps.metadata.labels?.[label], "onstart");
  assert.equal((apps.status as { conditions: { reason: string }[] }).conditions[0]?.reason, "Local");
});

test("a version has an APIService for as long as a definition serves it", async () => {
  const { client, cluster } = await startServer();
  const names = async () => {
    await cluster.clock.sleep(200);
    const { items } = await client.list(apiServices, { labelSelector: `${label}=true` });
    return items.map(({ metadata }) => metadata.name);
  };
  await client.create(definitions, widgetDefinition());
  assert.deepEqual(await names(), ["v1.example.com", "v1beta1.example.com"]);
  const changed = { spec: { versionPriority: 7 } };
  await client.patch(apiServices, { name: "v1.example.com" }, { type: "merge", patch: changed });
  await client.delete(apiServices, { name: "v1beta1.example.com" });
  assert.deepEqual(await names(), ["v1.example.com", "v1beta1.example.com"]);
  const mended = await client.get(apiServices, { name: "v1.example.com" });
  assert.equal((mended.spec as { versionPriority: number }).versionPriority, 100);
  await client.delete(definitions, { name: "widgets.example.com" });
  assert.deepEqual(await names(), []);
});

test("an APIService that names a Service is not said to be available", async () => {
  const { client, cluster } = await startServer();
  await client.create(apiServices, {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.metrics.example.com" },
    spec: {
      group: "metrics.example.com",
      version: "v1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { namespace: "default", name: "metrics", port: 443 },
    },
  });
  await cluster.clock.sleep(200);
  const { status } = await client.get(apiServices, { name: "v1.metrics.example.com" });
  assert.deepEqual(status, {});
});
