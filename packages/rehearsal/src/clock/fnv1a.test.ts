import assert from "node:assert/strict";
import { test } from "node:test";
import { fnv1a32 } from "./fnv1a.ts";

test("fnv1a32 gives the published test vectors", () => {
  assert.equal(fnv1a32(""), 0x811c9dc5);
  assert.equal(fnv1a32("a"), 0xe40c292c);
  assert.equal(fnv1a32("foobar"), 0xbf9cf968);
});

test("fnv1a32 hashes UTF-8 bytes", () => {
  assert.notEqual(fnv1a32("é"), fnv1a32("\u00e8"));
  assert.equal(fnv1a32("é"), fnv1a32(Buffer.from([0xc3, 0xa9]).toString("utf8")));
});
