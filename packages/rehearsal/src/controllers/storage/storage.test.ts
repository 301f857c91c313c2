import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { at, conditionText, deployment, startTestCluster } from "../test-cluster.ts";

function claim(name: string, spec: object = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } }, ...spec },
  };
}

const mounting = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };

test("a claim waits for its first consumer, then gets a volume and is bound", async (t) => {
  const { clock, create, read, events, list } = await startTestCluster(t);
  await create(claim("data"));
  await clock.sleep(10_000);
  assert.equal(at(await read("PersistentVolumeClaim", "default/data"), "status", "phase"), "Pending");
  assert.deepEqual(await list("PersistentVolume"), []);
  await create(deployment("db", {}, mounting));
  await clock.sleep(30_000);
  const bound = await read("PersistentVolumeClaim", "default/data");
  assert.equal(at(bound, "spec", "storageClassName"), "standard");
  assert.deepEqual(at(bound, "status"), {
    phase: "Bound",
    accessModes: ["ReadWriteOnce"],
    capacity: { storage: "10Gi" },
  });
  const volume = await read("PersistentVolume", String(at(bound, "spec", "volumeName")));
  assert.equal(at(volume, "status", "phase"), "Bound");
  assert.equal(at(volume, "spec", "claimRef", "uid"), bound.metadata.uid);
  assert.equal(
    conditionText(await read("Deployment", "default/db"), "Available"),
    "True: MinimumReplicasAvailable",
  );
  assert.deepEqual(
    (await events("data")).map((event) => event.split(":")[0]),
    ["WaitForFirstConsumer", "ExternalProvisioning", "ProvisioningSucceeded"],
  );
});

test("a claim takes the smallest volume that is there and fits, and that volume is kept when it goes", async (t) => {
  const { clock, create, read, remove, find } = await startTestCluster(t);
  const volume = (name: string, storage: string): KubernetesObject => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ["ReadWriteOnce"],
      storageClassName: "manual",
      persistentVolumeReclaimPolicy: "Retain",
      hostPath: { path: "/data" },
    },
  });
  await create(volume("small", "1Gi"), volume("large", "100Gi"), volume("fits", "20Gi"));
  await create(claim("data", { storageClassName: "manual" }));
  await clock.sleep(5_000);
  assert.equal(at(await read("PersistentVolumeClaim", "default/data"), "spec", "volumeName"), "fits");
  assert.equal(at(await read("PersistentVolume", "small"), "status", "phase"), "Available");
  await remove("PersistentVolumeClaim", "default/data");
  await clock.sleep(5_000);
  assert.equal(await find("PersistentVolumeClaim", "default/data"), undefined);
  assert.equal(at(await read("PersistentVolume", "fits"), "status", "phase"), "Released");
});

test("a claim that a pod uses is not gone before the pod, and takes its volume along", async (t) => {
  const { clock, create, find, list, remove } = await startTestCluster(t);
  await create(claim("data"), deployment("db", {}, mounting));
  await clock.sleep(30_000);
  await remove("PersistentVolumeClaim", "default/data");
  await clock.sleep(10_000);
  assert.ok((await find("PersistentVolumeClaim", "default/data"))?.metadata.deletionTimestamp);
  await remove("Deployment", "default/db");
  await clock.sleep(30_000);
  assert.equal(await find("PersistentVolumeClaim", "default/data"), undefined);
  assert.deepEqual(await list("PersistentVolume"), []);
});

test("a claim of a class that is not there stays pending and says why", async (t) => {
  const { clock, create, read, events } = await startTestCluster(t);
  await create(claim("data", { storageClassName: "fast" }));
  await clock.sleep(5_000);
  assert.equal(at(await read("PersistentVolumeClaim", "default/data"), "status", "phase"), "Pending");
  assert.deepEqual(await events("data"), [
    'ProvisioningFailed: storageclass.storage.k8s.io "fast" not found',
  ]);
});

test("a class of attributes stays while a claim wants it", async (t) => {
  const { clock, create, remove, find } = await startTestCluster(t);
  await create(
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "VolumeAttributesClass",
      metadata: { name: "fast" },
      driverName: "a.b",
      parameters: { speed: "high" },
    },
    claim("data", { volumeAttributesClassName: "fast" }),
  );
  await remove("VolumeAttributesClass", "fast");
  await clock.sleep(10_000);
  assert.ok(await find("VolumeAttributesClass", "fast"));
  await remove("PersistentVolumeClaim", "default/data");
  await clock.sleep(10_000);
  assert.equal(await find("VolumeAttributesClass", "fast"), undefined);
});
