import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as browser from "./browser.ts";
import * as node from "./node.ts";

test("a digest is the same with and without Node's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(browser.sha256(bytes), node.sha256(bytes));
    }),
  );
});

test("both runtimes give the same things", () => {
  assert.deepEqual(Object.keys(browser).sort(), Object.keys(node).sort());
});

test("without a disk, and without a file system instead, nothing is read", () => {
  assert.throws(() => browser.diskFileSystem.kind("overlays"), {
    message: /overlays can't be read: there is no disk here/,
  });
});
