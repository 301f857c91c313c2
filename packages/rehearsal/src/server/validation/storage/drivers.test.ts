import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { driverValidators } from "./drivers.ts";

const object = (kind: string, spec: JsonObject) => ({
  apiVersion: "storage.k8s.io/v1",
  kind,
  metadata: { name: "a" },
  spec,
});

function told(kind: "CSIDriver" | "CSINode", spec: JsonObject, old?: JsonObject): string[] {
  const validator = driverValidators[`storage.k8s.io/${kind.toLowerCase()}s`];
  const now = object(kind, spec);
  const errors = old ? validator?.validateUpdate?.(now, object(kind, old), now) : validator?.validate?.(now);
  return (errors ?? []).map(({ field, message }) => `${field.replace("spec.", "")}: ${message}`);
}

test("tokens of a driver have audiences of their own and last for ten minutes at least", () => {
  const tokens = (...tokenRequests: JsonObject[]) => told("CSIDriver", { tokenRequests });
  assert.deepEqual(tokens({ audience: "a" }, { expirationSeconds: 600 }), []);
  assert.deepEqual(tokens({ audience: "a", expirationSeconds: 2 ** 32 }, { audience: "a" }, {}, {}), [
    'tokenRequests[1].audience: Duplicate value: "a"',
    'tokenRequests[3].audience: Duplicate value: ""',
  ]);
  assert.deepEqual(tokens({ expirationSeconds: 599 }, { audience: "a", expirationSeconds: 2 ** 32 + 1 }), [
    "tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
    "tokenRequests[1].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds",
  ]);
});

test("a node is known to a driver by an identifier that is not too long", () => {
  const driver = (nodeID: string) => told("CSINode", { drivers: [{ name: "a", nodeID }] });
  assert.deepEqual(driver("n".repeat(256)), []);
  assert.deepEqual(driver(""), ["drivers[0].nodeID: Required value"]);
  assert.match(driver("n".repeat(257)).join(), /must be 256 characters or less/);
});

test("a driver on a node stays as it is, but for how much fits, or goes", () => {
  const driver = { name: "a", nodeID: "n", topologyKeys: ["k"], allocatable: { count: 1 } };
  const change = (...drivers: JsonObject[]) => told("CSINode", { drivers }, { drivers: [driver] });
  assert.deepEqual(change({ ...driver, allocatable: { count: 2 } }, { name: "b", nodeID: "n" }), []);
  assert.deepEqual(change(), []);
  assert.deepEqual(change({ name: "a", nodeID: "m" }), [
    'drivers: Invalid value: {"Name":"a","NodeID":"m","TopologyKeys":null,"Allocatable":null}: field is immutable',
  ]);
});
