import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import { startServer } from "./testing.ts";

const flowSchemas = builtin("flowcontrol.apiserver.k8s.io", "FlowSchema");
const priorityLevels = builtin("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration");

function reasonOf({ status }: KubernetesObject): string | undefined {
  return (status as { conditions?: { reason: string }[] }).conditions?.[0]?.reason;
}

test("a cluster has flow schemas whose levels exist", async () => {
  const { client } = await startServer();
  const { items } = await client.list(flowSchemas);
  assert.ok(items.length > 0 && items.every((item) => reasonOf(item) === "Found"));
  const levels = (await client.list(priorityLevels)).items.map(({ metadata }) => metadata.name);
  for (const { spec } of items) {
    const { name } = (spec as { priorityLevelConfiguration: { name: string } }).priorityLevelConfiguration;
    assert.ok(levels.includes(name), name);
  }
});

test("a flow schema dangles until its level comes, and again when it goes", async () => {
  const { client, cluster } = await startServer();
  const apiVersion = "flowcontrol.apiserver.k8s.io/v1";
  const spec = { priorityLevelConfiguration: { name: "late" }, rules: [] };
  await client.create(flowSchemas, { apiVersion, kind: "FlowSchema", metadata: { name: "mine" }, spec });
  const now = async () => {
    await cluster.clock.sleep(100);
    return reasonOf(await client.get(flowSchemas, { name: "mine" }));
  };
  assert.equal(await now(), "NotFound");
  await client.create(priorityLevels, {
    apiVersion,
    kind: "PriorityLevelConfiguration",
    metadata: { name: "late" },
    spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } },
  });
  assert.equal(await now(), "Found");
  await client.delete(priorityLevels, { name: "late" });
  assert.equal(await now(), "NotFound");
});
