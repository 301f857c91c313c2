import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { validateMountOptions, validateSourceUpdate, validateVolumeSource } from "./volume-source.ts";

const volume = (spec: JsonObject, annotations: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "a", annotations },
  spec,
});

const told = (spec: JsonObject, name = "a") =>
  validateVolumeSource(spec, "spec", name).map(({ field, message }) => `${field}: ${message}`);

test("of several sources the first is looked at and the others are too many, but for flex", () => {
  assert.deepEqual(told({}), ["spec: Required value: must specify a volume type"]);
  assert.deepEqual(
    told({ csi: { driver: "" }, flexVolume: { driver: "" }, cephfs: {}, awsElasticBlockStore: {} }),
    [
      "spec.awsElasticBlockStore.volumeID: Required value",
      "spec.cephFS: Forbidden: may not specify more than 1 volume type",
      "spec.flexVolume.driver: Required value",
      "spec.csi: Forbidden: may not specify more than 1 volume type",
    ],
  );
});

test("a volume of the cluster has its secrets in a namespace", () => {
  assert.deepEqual(told({ cinder: { volumeID: "a", secretRef: { name: "b" } } }), [
    "spec.cinder.secretRef.namespace: Required value",
  ]);
  assert.deepEqual(told({ storageos: { volumeName: "a", secretRef: { name: "b", namespace: "c" } } }), []);
  assert.deepEqual(told({ csi: { driver: "a", volumeHandle: "b", nodeStageSecretRef: {} } }), []);
});

test("a volume's name counts where an initiator is named", () => {
  const iscsi = { targetPortal: "1.2.3.4", iqn: "iqn.2001-04.com.example:a", lun: 0 };
  const initiatorName = "iqn.2001-04.com.example:b";
  assert.deepEqual(told({ iscsi }, "a".repeat(57)), []);
  assert.deepEqual(told({ iscsi: { ...iscsi, initiatorName } }, "a".repeat(56)), []);
  assert.match(told({ iscsi: { ...iscsi, initiatorName } }, "a".repeat(57)).join(), /targetportal.*under 64/);
});

test("a source stays, but for a secret that is given to a driver", () => {
  const csi = { driver: "a", volumeHandle: "b" };
  const secret = { name: "c", namespace: "d" };
  const update = (now: JsonObject, before: JsonObject) =>
    validateSourceUpdate(volume({ csi: now }), volume({ csi: before })).length;
  assert.equal(update({ ...csi, controllerExpandSecretRef: secret }, csi), 0);
  assert.equal(update(csi, { ...csi, controllerExpandSecretRef: secret }), 1);
  assert.equal(update({ ...csi, controllerExpandSecretRef: secret, fsType: "xfs" }, csi), 1);
  assert.equal(update({ ...csi, nodeExpandSecretRef: secret }, csi), 1);
  assert.equal(validateSourceUpdate(volume({ nfs: {} }), volume({ csi })).length, 1);
});

test("options of a mount are for what is mounted with them", () => {
  const options = { "volume.beta.kubernetes.io/mount-options": "ro" };
  assert.deepEqual(validateMountOptions(volume({ quobyte: {} }, options)), []);
  assert.deepEqual(validateMountOptions(volume({ csi: {} })), []);
  for (const kind of ["csi", "fc", "local", "hostPath", "portworxVolume"]) {
    assert.equal(validateMountOptions(volume({ [kind]: {} }, options)).length, 1);
  }
});
