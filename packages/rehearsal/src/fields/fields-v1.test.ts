import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFieldsV1, encodeFieldsV1 } from "./fields-v1.ts";

test("a field with nothing below it is a member, however that is said", () => {
  const read = decodeFieldsV1({ "f:data": null, "f:spec": { ".": {}, "f:a": {} } });
  assert.deepEqual(read && encodeFieldsV1(read), { "f:data": {}, "f:spec": { ".": {}, "f:a": {} } });
});

test("elements of an unknown kind are passed over; what is no map cannot be read", () => {
  const read = decodeFieldsV1({ "x:data": { "f:a": {} }, "f:b": {} });
  assert.deepEqual(read && encodeFieldsV1(read), { "f:b": {} });
  for (const wrong of ["", [], 0, true, null, { "f:a": [] }, { "f:a": { "f:b": "" } }]) {
    assert.equal(decodeFieldsV1(wrong), undefined);
  }
});
