import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { storageClassValidators } from "./storage-classes.ts";

function told(plural: string, parts: JsonObject): string[] {
  const object = { apiVersion: "storage.k8s.io/v1", kind: "", metadata: { name: "a" }, ...parts };
  const errors = storageClassValidators[`storage.k8s.io/${plural}`]?.validate?.(object) ?? [];
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

test("parameters are neither many nor long", () => {
  const some = (count: number, length: number) =>
    told("storageclasses", {
      provisioner: "a",
      parameters: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`p${index}`, "v".repeat(length)]),
      ),
    });
  assert.deepEqual(some(512, 500), []);
  assert.deepEqual(some(512, 510), ["parameters: Too long: may not be more than 262144 bytes"]);
  assert.deepEqual(some(513, 600), ["parameters: Too long: may not be more than 512 bytes"]);
  assert.deepEqual(told("storageclasses", { provisioner: "a", parameters: {} }), []);
  assert.deepEqual(told("volumeattributesclasses", { driverName: "a", parameters: {} }), [
    "parameters: Required value: must contain at least one key/value pair",
  ]);
});

test("topologies are different, whatever the order in which they are said", () => {
  const at = (...pairs: [string, ...string[]][]) => ({
    matchLabelExpressions: pairs.map(([key, ...values]) => ({ key, values })),
  });
  const topologies = (...allowedTopologies: JsonObject[]) =>
    told("storageclasses", { provisioner: "a", allowedTopologies });
  assert.deepEqual(topologies(at(["a", "b", "c"]), at(["a", "b"])), []);
  assert.deepEqual(topologies(at(["a", "b", "c"], ["d", "e"]), at(["d", "e"], ["a", "c", "b"])), [
    'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
  ]);
});
