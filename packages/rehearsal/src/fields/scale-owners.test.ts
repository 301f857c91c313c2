import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { parentOwners, type ReplicasPaths, scaleOwners } from "./scale-owners.ts";

const paths: ReplicasPaths = new Map([
  ["apps/v1", ["f:spec", "f:replicas"]],
  ["apps/v2", undefined],
]);

const entry = (manager: string, fields: JsonObject, more: JsonObject = {}): JsonObject => ({
  manager,
  operation: "Update",
  apiVersion: "apps/v1",
  time: "2026-01-01T00:00:00Z",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:spec": fields },
  ...more,
});
const replicas = { "f:replicas": {} };
const told = (owners: readonly JsonObject[]) =>
  owners.map(({ manager, apiVersion, subresource, time, fieldsV1 }) => [
    manager,
    apiVersion,
    subresource ?? "",
    time !== undefined,
    Object.keys((fieldsV1 as { "f:spec": JsonObject })["f:spec"]).join(" "),
  ]);

test("whoever owns the replicas owns those of the scale", () => {
  const owners = [entry("a", { ...replicas, "f:paused": {} }), entry("b", { "f:paused": {} })];
  assert.deepEqual(told(scaleOwners(owners, paths)), [["a", "autoscaling/v1", "", true, "f:replicas"]]);
});

test("a scale that is written takes the replicas from those who do not own them any more", () => {
  const owners = [entry("a", { ...replicas, "f:paused": {} }), entry("b", replicas)];
  const written = [entry("s", replicas, { apiVersion: "autoscaling/v1", subresource: "scale" })];
  assert.deepEqual(told(parentOwners(owners, written, { paths, apiVersion: "apps/v1" })), [
    ["s", "apps/v1", "scale", false, "f:replicas"],
    ["a", "apps/v1", "", true, "f:paused"],
  ]);
});

test("an updater who still owns them is told apart from itself, an applier is not", () => {
  const applier = { operation: "Apply" };
  const owners = [
    entry("a", { ...replicas, "f:paused": {} }),
    entry("b", { ...replicas, "f:x": {} }, applier),
  ];
  const kept = parentOwners(owners, scaleOwners(owners, paths), { paths, apiVersion: "apps/v1" });
  assert.deepEqual(told(kept), [
    ["b", "apps/v1", "", true, "f:replicas f:x"],
    ["a", "apps/v1", "", false, "f:replicas"],
    ["a", "apps/v1", "", true, "f:paused"],
  ]);
});

test("versions without a scale keep what they have, unknown ones lose it", () => {
  const owners = [
    entry("a", replicas, { apiVersion: "apps/v2" }),
    entry("b", replicas, { apiVersion: "x/v1" }),
  ];
  assert.deepEqual(told(parentOwners(owners, [], { paths, apiVersion: "apps/v1" })), [
    ["a", "apps/v2", "", true, "f:replicas"],
  ]);
});
