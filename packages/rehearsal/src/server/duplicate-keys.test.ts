import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findDuplicateKeys } from "./duplicate-keys.ts";

test("keys that stand twice in one map are found, by path", () => {
  assert.deepEqual(findDuplicateKeys('{"data":{"a":"1","a":"2"},"x":[{"b":1},{"b":2,"b":3}]}'), [
    "data.a",
    "x[1].b",
  ]);
  assert.deepEqual(findDuplicateKeys('{"a":"{\\"a\\":1,\\"a\\":2}","b":",\\"","c":{"a":1}}'), []);
});

test("what JSON.stringify writes has none", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => assert.deepEqual(findDuplicateKeys(JSON.stringify(value)), [])),
  );
});
