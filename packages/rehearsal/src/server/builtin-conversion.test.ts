import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, findBuiltin, type ResourceType } from "@slipway/kubernetes";
import { convertBuiltin } from "./builtin-conversion.ts";
import { startServer } from "./testing.ts";

test("an Event reads in both groups, with the names of each", async () => {
  const { client } = await startServer();
  const events = builtin("", "Event");
  const object = { kind: "Pod", namespace: "default", name: "p" };
  await client.create(events, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "e", namespace: "default" },
    involvedObject: object,
    message: "it is so",
    reason: "Because",
    type: "Normal",
    count: 2,
  });
  const other = await client.get(builtin("events.k8s.io", "Event"), { namespace: "default", name: "e" });
  assert.deepEqual(
    [other.apiVersion, other.note, other.regarding, other.deprecatedCount, other.message],
    ["events.k8s.io/v1", "it is so", object, 2, undefined],
  );
});

test("a HorizontalPodAutoscaler says the same in v1 and v2", async () => {
  const { client } = await startServer();
  const v1 = findBuiltin("autoscaling", "HorizontalPodAutoscaler", "v1") as ResourceType;
  const v2 = builtin("autoscaling", "HorizontalPodAutoscaler");
  await client.create(v1, {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "h", namespace: "default" },
    spec: {
      maxReplicas: 5,
      targetCPUUtilizationPercentage: 60,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
    },
  });
  const ref = { namespace: "default", name: "h" };
  const read = await client.get(v2, ref);
  assert.deepEqual((read.spec as { metrics: unknown }).metrics, [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
  ]);
  const back = await client.get(v1, ref);
  const spec = back.spec as { targetCPUUtilizationPercentage: number; maxReplicas: number };
  assert.deepEqual([spec.targetCPUUtilizationPercentage, spec.maxReplicas], [60, 5]);
});

test("metrics that v1 has no field for survive the way there and back", () => {
  const scaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "h" },
    spec: { maxReplicas: 2, metrics: [{ type: "Pods", pods: { metric: { name: "x" } } }] },
    status: { currentMetrics: null },
  };
  const old = convertBuiltin(scaler, "autoscaling/v1");
  assert.equal((old.spec as { metrics?: unknown }).metrics, undefined);
  assert.deepEqual(convertBuiltin(old, "autoscaling/v2").spec, scaler.spec);
});
