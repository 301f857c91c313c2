import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeProtobuf } from "./decode.ts";

/** A field of bytes: tag, length, content (shorter than 128 bytes). */
function bytes(number: number, ...content: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([tag(number, 2), Buffer.from([body.length]), body]);
}

function varint(number: number, value: number): Buffer {
  return Buffer.concat([tag(number, 0), Buffer.from([value])]);
}

function tag(number: number, wireType: number): Buffer {
  const value = (number << 3) | wireType;
  return Buffer.from(value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
}

function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const typeMeta = bytes(1, bytes(1, apiVersion), bytes(2, kind));
  return Buffer.concat([Buffer.from("k8s\0"), typeMeta, bytes(2, raw)]);
}

test("a ConfigMap's map comes out as JSON", () => {
  const raw = Buffer.concat([
    bytes(1, bytes(1, "a"), bytes(3, "default")),
    bytes(2, bytes(1, "x"), bytes(2, "1")),
    bytes(2, bytes(1, "y"), bytes(2, "2")),
  ]);
  assert.deepEqual(decodeProtobuf(envelope("v1", "ConfigMap", raw)), {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default" },
    data: { x: "1", y: "2" },
  });
});

test("quantities, ports by number or name and inlined sources have their JSON forms", () => {
  const volume = bytes(1, bytes(1, "v"), bytes(2, bytes(19, bytes(1, bytes(1, "settings")))));
  const httpGet = bytes(2, bytes(1, "/healthz"), bytes(2, varint(1, 1), bytes(3, "http")));
  const probe = bytes(11, bytes(1, httpGet), varint(2, 5));
  const limits = bytes(8, bytes(1, bytes(1, "cpu"), bytes(2, bytes(1, "500m"))));
  const container = bytes(2, bytes(1, "c"), probe, limits);
  const raw = bytes(2, volume, container);
  assert.deepEqual(decodeProtobuf(envelope("v1", "Pod", raw)).spec, {
    volumes: [{ name: "v", configMap: { name: "settings" } }],
    containers: [
      {
        name: "c",
        readinessProbe: { httpGet: { path: "/healthz", port: "http" }, initialDelaySeconds: 5 },
        resources: { limits: { cpu: "500m" } },
      },
    ],
  });
});

test("what is cut off or no message at all is refused", () => {
  assert.throws(() => decodeProtobuf(Buffer.from("{}")), /does not appear to be a protobuf message/);
  const whole = envelope("v1", "ConfigMap", bytes(1, bytes(1, "abc")));
  assert.throws(() => decodeProtobuf(whole.subarray(0, whole.length - 2)), /truncated/);
  assert.throws(() => decodeProtobuf(envelope("v1", "Nothing", Buffer.alloc(0))), /no protobuf form/);
});
