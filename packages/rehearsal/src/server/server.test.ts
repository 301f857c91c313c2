import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, createClient, type ResourceType } from "@slipway/kubernetes";
import { startCluster } from "../cluster.ts";

const configMaps = builtin("", "ConfigMap");
const deployments = builtin("apps", "Deployment");
const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");

function configMap(name: string, data: Record<string, string> = {}, labels: Record<string, string> = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default", labels }, data };
}

async function start() {
  const cluster = await startCluster({ controllers: false });
  return { cluster, client: createClient({ transport: cluster.transport, userAgent: "test/1" }) };
}

const refusal = (status: number, message: RegExp) => (error: Error & { code?: number }) => {
  assert.match(error.message, message);
  assert.match(JSON.stringify(error), new RegExp(String(status)));
  return true;
};

test("an object is created, read, listed, changed and deleted", async () => {
  const { client } = await start();
  const created = await client.create(configMaps, configMap("a", { x: "1" }));
  assert.ok(created.metadata.uid && created.metadata.resourceVersion && created.metadata.creationTimestamp);
  assert.deepEqual((await client.get(configMaps, { namespace: "default", name: "a" })).data, { x: "1" });
  const patched = await client.patch(
    configMaps,
    { namespace: "default", name: "a" },
    { type: "merge", patch: { data: { y: "2" } } },
  );
  assert.deepEqual(patched.data, { x: "1", y: "2" });
  await assert.rejects(client.update(configMaps, created), /the object has been modified/);
  await client.delete(configMaps, { namespace: "default", name: "a" });
  await assert.rejects(
    client.get(configMaps, { namespace: "default", name: "a" }),
    refusal(404, /configmaps "a" not found/),
  );
});

test("a list is selected by labels and fields, and continues on the same revision", async () => {
  const { client } = await start();
  for (let i = 0; i < 5; i++) {
    await client.create(configMaps, configMap(`m${i}`, {}, { odd: String(i % 2) }));
  }
  const odd = await client.list(configMaps, { namespace: "default", labelSelector: "odd=1" });
  assert.deepEqual(
    odd.items.map(({ metadata }) => metadata.name),
    ["m1", "m3"],
  );
  const paged = await client.list(configMaps, { namespace: "default", limit: 2 });
  assert.equal(paged.items.length, 5);
  const one = await client.list(configMaps, { fieldSelector: "metadata.name=m2" });
  assert.equal(one.items.length, 1);
  await assert.rejects(client.list(configMaps, { fieldSelector: "spec.x=1" }), /field label not supported/);
});

test("a watch tells every later change, and what leaves a selection is deleted in it", async () => {
  const { client } = await start();
  const { resourceVersion } = await client.list(configMaps);
  const abort = new AbortController();
  const seen: string[] = [];
  const watching = (async () => {
    const options = { namespace: "default", labelSelector: "on=1", resourceVersion, signal: abort.signal };
    for await (const { type, object } of client.watch(configMaps, options)) {
      seen.push(`${type} ${object.metadata.name}`);
      if (type === "DELETED") break;
    }
  })();
  await client.create(configMaps, configMap("off"));
  await client.create(configMaps, configMap("a", {}, { on: "1" }));
  await client.patch(
    configMaps,
    { namespace: "default", name: "a" },
    { type: "merge", patch: { metadata: { labels: { on: null } } } },
  );
  await watching;
  assert.deepEqual(seen, ["ADDED a", "DELETED a"]);
});

test("the status is changed through its subresource only, and counts no generation", async () => {
  const { client } = await start();
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", namespace: "default" },
    spec: {
      selector: { matchLabels: { app: "d" } },
      template: {
        metadata: { labels: { app: "d" } },
        spec: { containers: [{ name: "c", image: "i" }] },
      },
    },
  };
  const created = await client.create(deployments, object);
  assert.equal(created.metadata.generation, 1);
  const status = await client.patch(
    deployments,
    { namespace: "default", name: "d" },
    { type: "merge", patch: { status: { replicas: 3 }, spec: { replicas: 7 } } },
    { subresource: "status" },
  );
  assert.equal((status.status as { replicas: number }).replicas, 3);
  assert.notEqual((status.spec as { replicas?: number }).replicas, 7);
  assert.equal(status.metadata.generation, 1);
  const scaled = await client.patch(
    deployments,
    { namespace: "default", name: "d" },
    { type: "merge", patch: { spec: { replicas: 2 }, status: { replicas: 9 } } },
  );
  assert.equal(scaled.metadata.generation, 2);
  assert.equal((scaled.status as { replicas: number }).replicas, 3);
});

test("a custom resource is served once its definition is established", async () => {
  const { cluster, client } = await start();
  const widgets: ResourceType = {
    group: "example.com",
    version: "v1",
    resource: "widgets",
    kind: "Widget",
    namespaced: true,
  };
  const widget = {
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name: "w", namespace: "default" },
    spec: { size: 1 },
  };
  await assert.rejects(client.create(widgets, widget), refusal(404, /./));
  await client.create(definitions, {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
            },
          },
        },
      ],
    },
  });
  await cluster.clock.sleep(200);
  const definition = await client.get(definitions, { name: "widgets.example.com" });
  const { conditions } = definition.status as { conditions: { type: string; status: string }[] };
  assert.deepEqual(
    conditions.map(({ type, status }) => `${type}=${status}`),
    ["NamesAccepted=True", "Established=True"],
  );
  const created = await client.create(widgets, widget);
  assert.equal(created.metadata.generation, 1);
  assert.equal((await client.list(widgets)).items.length, 1);
});

test("every request is in the audit log with its refusal", async () => {
  const { cluster, client } = await start();
  await client.create(configMaps, configMap("a"));
  await assert.rejects(client.create(configMaps, configMap("a")), /already exists/);
  const [first, second] = cluster.audit;
  assert.equal(first?.code, 201);
  assert.deepEqual(
    [second?.verb, second?.resource, second?.namespace, second?.code, second?.reason],
    ["create", "configmaps", "default", 409, "AlreadyExists"],
  );
});
