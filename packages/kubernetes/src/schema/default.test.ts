import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { applySchemaDefaults } from "./default.ts";
import { parseSchema } from "./parse-schema.ts";
import { pruneUnknownFields } from "./prune.ts";

test("defaults fill what is absent, nested ones too, and take the place of a null that is not allowed", () => {
  const schema = parseSchema({
    type: "object",
    properties: {
      spec: {
        type: "object",
        default: {},
        properties: {
          replicas: { type: "integer", default: 1 },
          mode: { type: "string", default: "auto", nullable: true },
          gone: { type: "string" },
          ports: {
            type: "array",
            items: { type: "object", properties: { protocol: { type: "string", default: "TCP" } } },
          },
          map: {
            type: "object",
            additionalProperties: { type: "object", properties: { x: { type: "integer", default: 0 } } },
          },
        },
      },
    },
  });
  const filled = (object: JsonObject) => {
    applySchemaDefaults(object, schema);
    return object;
  };
  assert.deepEqual(filled({}), { spec: { replicas: 1, mode: "auto" } });
  assert.deepEqual(
    filled({ spec: { replicas: null, mode: null, gone: null, ports: [{}], map: { a: {} } } }),
    {
      spec: { replicas: 1, mode: null, ports: [{ protocol: "TCP" }], map: { a: { x: 0 } } },
    },
  );
});

test("two objects never share a default", () => {
  const schema = parseSchema({
    type: "object",
    properties: { list: { type: "array", items: { type: "string" }, default: [] } },
  });
  const [a, b]: [JsonObject, JsonObject] = [{}, {}];
  applySchemaDefaults(a, schema);
  applySchemaDefaults(b, schema);
  (a.list as string[]).push("x");
  assert.deepEqual(b.list, []);
});

test("pruning removes unknown fields and names them, but not where they are preserved", () => {
  const schema = parseSchema({
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          known: { type: "string" },
          items: { type: "array", items: { type: "object", properties: { a: { type: "string" } } } },
          open: {
            type: "object",
            "x-kubernetes-preserve-unknown-fields": true,
            properties: { strict: { type: "object", properties: {} } },
          },
          embedded: {
            type: "object",
            "x-kubernetes-embedded-resource": true,
            properties: { spec: { type: "object" } },
          },
        },
      },
    },
  });
  const object = {
    apiVersion: "v1",
    kind: "X",
    metadata: { name: "n", anything: 1 },
    spec: {
      known: "x",
      typo: 1,
      items: [{ a: "1" }, { a: "2", b: "3" }],
      open: { any: { thing: 1 }, strict: { gone: 1 } },
      embedded: { apiVersion: "v1", kind: "Y", metadata: {}, other: 1 },
    },
  };
  assert.deepEqual(pruneUnknownFields(object, schema), [
    "spec.typo",
    "spec.items[1].b",
    "spec.open.strict.gone",
    "spec.embedded.other",
  ]);
  assert.deepEqual(object.spec.open, { any: { thing: 1 }, strict: {} });
  assert.deepEqual(object.metadata, { name: "n", anything: 1 });
});
