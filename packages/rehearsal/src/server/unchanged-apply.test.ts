import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, createClient } from "@slipway/kubernetes";
import { startCluster } from "../cluster.ts";

test("an apply that changes nothing makes no new revision, however much later", async () => {
  const cluster = await startCluster({ controllers: false });
  const client = createClient({ transport: cluster.transport, userAgent: "test" });
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  };
  const apply = () => client.apply(builtin("", "Service"), service, { fieldManager: "slipway" });
  const first = await apply();
  await cluster.clock.sleep(60_000);
  assert.deepEqual(await apply(), first);
  await cluster.stop();
});
