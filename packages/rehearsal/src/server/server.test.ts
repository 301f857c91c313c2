import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin } from "@slipway/kubernetes";
import { configMap, deployment, refusal, startServer } from "./testing.ts";

const configMaps = builtin("", "ConfigMap");
const deployments = builtin("apps", "Deployment");

test("an object is created, read, listed, changed and deleted", async () => {
  const { client } = await startServer();
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
  const { client } = await startServer();
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
  await assert.rejects(
    client.list(configMaps, { fieldSelector: "spec.x=1" }),
    /is not a known field selector/,
  );
});

test("a watch tells every later change, and what leaves a selection is deleted in it", async () => {
  const { client } = await startServer();
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
  const { client } = await startServer();
  const created = await client.create(deployments, deployment("d"));
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

test("every request is in the audit log with its refusal", async () => {
  const { cluster, client } = await startServer();
  await client.create(configMaps, configMap("a"));
  await assert.rejects(client.create(configMaps, configMap("a")), /already exists/);
  const [first, second] = cluster.audit;
  assert.equal(first?.code, 201);
  assert.deepEqual(
    [second?.verb, second?.resource, second?.namespace, second?.code, second?.reason],
    ["create", "configmaps", "default", 409, "AlreadyExists"],
  );
});
