import assert from "node:assert/strict";
import { test } from "node:test";
import { inGoOrder } from "./go-order.ts";
import { builtinSchema } from "./schemas.ts";

test("fields stand in the order of the server's types, and keys of maps are sorted", () => {
  const schema = builtinSchema("autoscaling", "v2", "HorizontalPodAutoscaler");
  assert.ok(schema);
  const object = {
    spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" } },
    metadata: { labels: { b: "1", a: "2" }, generation: 1, name: "x" },
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
  };
  assert.equal(
    JSON.stringify(inGoOrder(object, schema)),
    '{"kind":"HorizontalPodAutoscaler","apiVersion":"autoscaling/v2","metadata":{"name":"x","generation":1,"labels":{"a":"2","b":"1"}},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"a","apiVersion":"apps/v1"},"maxReplicas":2}}',
  );
});
