import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { prepareCustomForCreate, prepareCustomForUpdate } from "./custom-resource.ts";
import { decodeBuiltin } from "./decode.ts";
import { asRead, prepareForCreate, prepareForUpdate } from "./strategy.ts";

function created(apiVersion: string, kind: string, body: JsonObject): KubernetesObject {
  const source = { apiVersion, kind, metadata: { name: "x", uid: "u" }, ...body } as KubernetesObject;
  const { object } = decodeBuiltin(source);
  prepareForCreate(object);
  return object;
}

function updated(old: KubernetesObject, change: JsonObject, subresource?: "status"): KubernetesObject {
  const next = { ...structuredClone(old), ...change } as KubernetesObject;
  prepareForUpdate(next, old, { subresource, now: "2026-11-21T10:52:24Z" });
  return next;
}

test("a create cannot set the status", () => {
  const deployment = created("apps/v1", "Deployment", { spec: { replicas: 2 }, status: { replicas: 9 } });
  assert.deepEqual(deployment.status, {});
  assert.equal(deployment.metadata.generation, 1);
  const pod = created("v1", "Pod", {
    spec: { containers: [{ name: "a", image: "b" }] },
    status: { phase: "Running" },
  });
  assert.deepEqual(pod.status, { phase: "Pending", qosClass: "BestEffort" });
});

test("a namespace and a claim get the finalizers that the server sets", () => {
  assert.deepEqual(created("v1", "Namespace", {}).spec, { finalizers: ["kubernetes"] });
  assert.deepEqual(created("v1", "PersistentVolumeClaim", {}).metadata.finalizers, [
    "kubernetes.io/pvc-protection",
  ]);
});

test("the generation counts changes of the spec; a Deployment's annotations count as well", () => {
  const old = created("apps/v1", "Deployment", { spec: { replicas: 2 } });
  assert.equal(updated(old, { spec: { ...(old.spec as JsonObject), replicas: 3 } }).metadata.generation, 2);
  assert.equal(updated(old, {}).metadata.generation, 1);
  assert.equal(updated(old, { metadata: { ...old.metadata, labels: { a: "b" } } }).metadata.generation, 1);
  assert.equal(
    updated(old, { metadata: { ...old.metadata, annotations: { a: "b" } } }).metadata.generation,
    2,
  );
});

test("the main endpoint leaves the status alone, the status endpoint the spec", () => {
  const old = created("apps/v1", "Deployment", { spec: { replicas: 2 } });
  const spec = { ...(old.spec as JsonObject), replicas: 3 };
  assert.deepEqual(updated(old, { spec, status: { replicas: 9 } }).status, {});
  const next = updated(old, { spec, status: { replicas: 9 } }, "status");
  assert.deepEqual(next.status, { replicas: 9 });
  assert.deepEqual(next.spec, old.spec);
  assert.equal(next.metadata.generation, 1);
});

test("a Job selects its pods by its uid, unless it brings a selector", () => {
  const template = { spec: { containers: [{ name: "a", image: "b" }] } };
  const job = created("batch/v1", "Job", { spec: { template } }).spec as JsonObject;
  assert.deepEqual(job.selector, { matchLabels: { "batch.kubernetes.io/controller-uid": "u" } });
  const own = { matchLabels: { mine: "yes" } };
  const manual = created("batch/v1", "Job", { spec: { template, manualSelector: true, selector: own } });
  assert.deepEqual((manual.spec as JsonObject).selector, own);
});

test("a custom resource with a status endpoint keeps both halves apart", () => {
  const object = {
    apiVersion: "e.com/v1",
    kind: "T",
    metadata: { name: "x" },
    spec: { a: 1 },
    status: { b: 1 },
  };
  const old = structuredClone(object) as KubernetesObject;
  prepareCustomForCreate(old, true);
  assert.equal(old.status, undefined);
  const main = { ...old, spec: { a: 2 }, status: { b: 2 } } as KubernetesObject;
  prepareCustomForUpdate(main, old, { hasStatus: true });
  assert.deepEqual([main.spec, main.status, main.metadata.generation], [{ a: 2 }, undefined, 2]);
  const status = { ...structuredClone(old), spec: { a: 3 }, status: { b: 3 } } as KubernetesObject;
  prepareCustomForUpdate(status, old, { hasStatus: true, subresource: "status" });
  assert.deepEqual([status.spec, status.status, status.metadata.generation], [{ a: 1 }, { b: 3 }, 1]);
});

test("a volume remembers when its phase changed", () => {
  const spec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" } };
  const created_ = "2026-01-01T00:00:00Z";
  const old = created("v1", "PersistentVolume", {
    metadata: { name: "x", creationTimestamp: created_ },
    spec,
  });
  assert.deepEqual(old.status, { phase: "Pending", lastPhaseTransitionTime: created_ });
  const at = (status: JsonObject) =>
    (updated(old, { status }, "status").status as JsonObject).lastPhaseTransitionTime;
  assert.equal(at({ phase: "Pending" }), created_);
  assert.equal(at({ phase: "Available" }), "2026-11-21T10:52:24Z");
  assert.equal(at({ phase: "Available", lastPhaseTransitionTime: created_ }), "2026-11-21T10:52:24Z");
  const said = "2026-05-05T05:05:05Z";
  assert.equal(at({ phase: "Available", lastPhaseTransitionTime: said }), said);
  assert.equal(at({ phase: "Pending", lastPhaseTransitionTime: said }), said);
});

test("a ReplicationController that is stored without labels is read with those of its template", () => {
  const template = { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "a", image: "b" }] } };
  const old = created("v1", "ReplicationController", {
    spec: { replicas: 1, selector: { app: "x" }, template },
  });
  const { labels: _, ...bare } = old.metadata;
  const next = updated(old, { metadata: bare }, "status");
  assert.equal(next.metadata.labels, undefined);
  assert.deepEqual(asRead(next).metadata.labels, { app: "x" });
  const named = updated(old, { metadata: { ...bare, labels: { own: "y" } } }, "status");
  assert.deepEqual(asRead(named).metadata.labels, { own: "y" });
});
