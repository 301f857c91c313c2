import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { applyJsonMergePatch } from "./json-merge-patch.ts";

test("the examples of RFC 7386 whose target is an object", () => {
  const cases: [JsonObject, JsonObject, JsonObject][] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [object, patch, expected] of cases) {
    const before = structuredClone(object);
    assert.deepEqual(applyJsonMergePatch(object, patch), expected);
    assert.deepEqual(object, before);
  }
});

test("a key named __proto__ is data", () => {
  const patch = JSON.parse('{"data": {"__proto__": {"a": "b"}}}') as JsonObject;
  const merged = applyJsonMergePatch({ data: {} }, patch);
  assert.equal(JSON.stringify(merged), JSON.stringify(patch));
  assert.equal(({} as { a?: string }).a, undefined);
});
