import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { absolutePath, joinPaths, normalizePath, parentPath } from "./posix-path.ts";

const anyPath = fc
  .array(fc.constantFrom("", ".", "..", "...", "a", "b.yaml", ".hidden", "/"), { maxLength: 7 })
  .map((parts) => parts.join("/"));

test("paths are what Node's path.posix makes of them", () => {
  fc.assert(
    fc.property(anyPath, fc.array(anyPath, { maxLength: 3 }), (path, more) => {
      assert.equal(normalizePath(path), posix.normalize(path));
      assert.equal(joinPaths(path, ...more), posix.join(path, ...more));
      assert.equal(absolutePath(path), posix.resolve("/", path));
      assert.equal(parentPath(absolutePath(path)), posix.dirname(posix.resolve("/", path)));
    }),
  );
});
