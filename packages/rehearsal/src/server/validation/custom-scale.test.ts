import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { validateCustomScale } from "./custom-scale.ts";

const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };

function told(body: JsonObject): string[] {
  const object = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a" }, ...body };
  return validateCustomScale(object as KubernetesObject, scale).map(
    ({ field, message }) => `${field}: ${message}`,
  );
}

test("a custom kind's replicas are whole numbers that are not negative", () => {
  assert.deepEqual(told({ spec: { replicas: 3 } }), []);
  assert.deepEqual(told({}), []);
  assert.deepEqual(told({ spec: { replicas: -1 } }), [
    ".spec.replicas: Invalid value: -1: should be a non-negative integer",
  ]);
  assert.deepEqual(told({ spec: true, status: { replicas: "two" } }), [
    ".spec.replicas: Invalid value: 0: .spec.replicas accessor error: true is of the type bool, expected map[string]interface{}",
    ".status.replicas: Invalid value: 0: .status.replicas accessor error: two is of the type string, expected int64",
  ]);
});
