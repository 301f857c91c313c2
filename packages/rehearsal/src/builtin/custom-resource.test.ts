import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { parseSchema } from "@slipway/kubernetes";
import { decodeCustomResource } from "./custom-resource.ts";

test("unknown fields of the metadata are told in the order of their names, before those of the object", () => {
  const schema = parseSchema({ type: "object", properties: { spec: { type: "object" } } });
  const object = {
    apiVersion: "example.com/v1",
    kind: "Widget",
    also: 1,
    metadata: {
      unknown: "field",
      name: "w",
      ownerReferences: [{ zone: "a", able: "b" }],
      a: "b",
      0: 1,
      "-": 1,
    },
  } as unknown as KubernetesObject;
  assert.deepEqual(decodeCustomResource(object, schema).unknownFields, [
    "metadata.-",
    "metadata.0",
    "metadata.a",
    "metadata.ownerReferences[0].able",
    "metadata.ownerReferences[0].zone",
    "metadata.unknown",
    "also",
  ]);
});
