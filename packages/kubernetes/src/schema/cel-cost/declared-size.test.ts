import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { declaredSize, mostValues } from "./declared-size.ts";

const request = 3 * 1024 * 1024;

test("values are as large as their schema lets them be, or a request", () => {
  const cases: [schema: JsonObject, max: number, minBytes: number][] = [
    [{ type: "string", maxLength: 10 }, 40, 2],
    [{ type: "string" }, request - 2, 2],
    [{ type: "string", enum: ["a", "äb"] }, 3, 2],
    [{ type: "string", enum: ["a"], maxLength: 3 }, 12, 2],
    [{ type: "string", format: "byte", maxLength: 10 }, 10, 2],
    [{ type: "string", format: "date-time" }, 32, 21],
    [{ type: "string", format: "date" }, 12, 12],
    [{ type: "string", format: "duration" }, 32, 3],
    [{ "x-kubernetes-int-or-string": true }, request - 2, 1],
    [{ type: "integer" }, 0, 1],
    [{ type: "boolean" }, 0, 4],
    [{ type: "array", items: { type: "boolean" } }, Math.floor((request - 2) / 5), 2],
    [{ type: "array", maxItems: 3, items: { type: "boolean" } }, 3, 2],
    [{ type: "object", additionalProperties: { type: "integer" } }, Math.floor((request - 2) / 7), 2],
  ];
  for (const [schema, max, minBytes] of cases) {
    const size = declaredSize(schema, false);
    assert.deepEqual([size?.max, size?.minBytes], [max, minBytes], JSON.stringify(schema));
  }
});

test("an object has at least what it requires and what has no default", () => {
  const schema: JsonObject = {
    type: "object",
    required: ["name", "port"],
    properties: {
      name: { type: "string" },
      port: { type: "integer", default: 1 },
      "a-b": { type: "integer" },
    },
  };
  const size = declaredSize(schema, false);
  assert.ok(size);
  assert.equal(size.minBytes, 2 + 4 + 2 + 4);
  assert.equal(mostValues(size), Math.floor(request / 13));
  assert.deepEqual([...size.parts.keys()], ["name", "port", "a__dash__b"]);
  assert.deepEqual([...(declaredSize(schema, true)?.parts.get("metadata")?.parts.keys() ?? [])].sort(), [
    "generateName",
    "name",
  ]);
});

test("what no rule can read has no size", () => {
  assert.equal(declaredSize({ type: "array", items: { type: "array" } }, false), undefined);
  assert.equal(declaredSize({ "x-kubernetes-preserve-unknown-fields": true }, false), undefined);
});
