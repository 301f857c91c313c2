import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, jsonToNode, nodeToJson } from "@slipway/yaml";
import fc from "fast-check";
import { applyPatch, createPatch } from "rfc6902";
import { applyJsonPatch, parseJsonPatch } from "./json-patch.ts";

function patched(document: Json, operations: unknown): Json {
  const root = jsonToNode(document);
  applyJsonPatch(root, parseJsonPatch(JSON.stringify(operations), "p.json"), {
    kind: "json-patch",
    at: null,
  });
  return nodeToJson(root);
}

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: -1000, max: 1000 }),
    fc.constantFrom("a", "b/c", "x~y", "", "1"),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b/c", "x~y", "k", "0"), tie("value"), { noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(fc.constantFrom("a", "b/c", "x~y", "k"), value, { noNullPrototype: true });

test("patches between any two documents lead from the one to the other", () => {
  fc.assert(
    fc.property(object, object, (from, to) => {
      assert.deepEqual(patched(from, createPatch(from, to)), to);
    }),
    { numRuns: 500 },
  );
});

test("add, copy and move agree with another implementation", () => {
  const document = { a: [1, 2, 3], b: { c: "x" } };
  const operations = [
    { op: "add", path: "/a/1", value: 9 },
    { op: "copy", from: "/b", path: "/d" },
    { op: "move", from: "/a/0", path: "/b/e" },
    { op: "test", path: "/d", value: { c: "x" } },
  ] as const;
  const expected = structuredClone(document);
  applyPatch(expected, [...operations]);
  assert.deepEqual(patched(document, operations), expected);
});

test("replacing a key that is not there adds it; indices count from the end when negative", () => {
  assert.deepEqual(patched({}, [{ op: "replace", path: "/a", value: 1 }]), { a: 1 });
  assert.deepEqual(patched({ a: [1, 2] }, [{ op: "remove", path: "/a/-1" }]), { a: [1] });
});

test("what does not apply is an error", () => {
  for (const operation of [
    { op: "remove", path: "/x" },
    { op: "add", path: "/x/y", value: 1 },
    { op: "add", path: "/a/5", value: 1 },
    { op: "test", path: "/a", value: 2 },
    { op: "frob", path: "/a" },
  ]) {
    assert.throws(() => patched({ a: [1] }, [operation]), /./);
  }
});

test("a patch that begins with a bracket must be JSON, else it is YAML", () => {
  const operation = "{op: add, path: /a, value: 1}";
  assert.throws(() => parseJsonPatch(`[${operation}]`, "p.yaml"), /must be JSON/);
  assert.equal(parseJsonPatch(` [${operation}]`, "p.yaml").length, 1);
  assert.equal(parseJsonPatch(`- ${operation}`, "p.yaml").length, 1);
});
