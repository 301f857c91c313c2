import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { validateClaimStatus } from "./claim-status.ts";

const told = (status: JsonObject) =>
  validateClaimStatus({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "a" },
    status,
  }).map(({ field, message }) => `${field.replace("status.", "")}: ${message}`);

test("what a claim was given is no less than nothing, and storage or what others define", () => {
  assert.deepEqual(
    told({ capacity: { storage: "1Gi" }, allocatedResources: { storage: "1Gi", "a.b/c": "1" } }),
    [],
  );
  assert.deepEqual(
    told({ capacity: { storage: "-1500m" }, allocatedResources: { cpu: "1", storage: "-1" } }),
    [
      "capacity[storage]: Invalid value: -2: must be a valid resource quantity",
      'allocatedResources: Unsupported value: "cpu": supported values: "storage"',
      "allocatedResources[storage]: Invalid value: -1: must be a valid resource quantity",
    ],
  );
});

test("how far a claim has grown is one of a few steps", () => {
  assert.deepEqual(told({ allocatedResourceStatuses: { storage: "NodeResizePending" } }), []);
  assert.deepEqual(told({ allocatedResourceStatuses: { storage: "Growing" } }), [
    'allocatedResourceStatuses: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
  ]);
});
