import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { attachmentValidators, validateAttachmentStatus } from "./attachments.ts";

const attachment = (parts: JsonObject) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "VolumeAttachment",
  metadata: { name: "a" },
  ...parts,
});

test("what came of attaching is not told at length", () => {
  const told = (status: JsonObject) =>
    validateAttachmentStatus(attachment({ status })).map(({ field, message }) => `${field}: ${message}`);
  assert.deepEqual(
    told({ attachmentMetadata: { a: "b".repeat(262_143) }, attachError: { message: "m".repeat(1024) } }),
    [],
  );
  assert.deepEqual(
    told({
      attachmentMetadata: { a: "b".repeat(262_144) },
      attachError: { message: "ä".repeat(513) },
      detachError: { errorCode: -1 },
    }),
    [
      "status.attachmentMetadata: Too long: may not be more than 262144 bytes",
      "status.attachError.message: Too long: may not be more than 262144 bytes",
      "status.detachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive",
    ],
  );
});

test("a volume is attached by its name or by what it would be", () => {
  const { validate } = attachmentValidators["storage.k8s.io/volumeattachments"] ?? {};
  const inlineVolumeSpec = { accessModes: ["ReadWriteOnce"], csi: { driver: "a", volumeHandle: "b" } };
  const told = (source: JsonObject) =>
    (validate?.(attachment({ spec: { attacher: "a", nodeName: "n", source } })) ?? []).map(
      ({ field, message }) => `${field.replace("spec.source", "")}: ${message.split(":")[0]}`,
    );
  assert.deepEqual(told({ persistentVolumeName: "a" }), []);
  assert.deepEqual(told({ inlineVolumeSpec }), []);
  assert.deepEqual(told({}), [": Required value"]);
  assert.deepEqual(told({ inlineVolumeSpec, persistentVolumeName: "a" }), [": Forbidden"]);
  assert.deepEqual(told({ inlineVolumeSpec: { ...inlineVolumeSpec, capacity: { storage: "1" } } }), [
    ".inlineVolumeSpec.capacity: Forbidden",
  ]);
});
