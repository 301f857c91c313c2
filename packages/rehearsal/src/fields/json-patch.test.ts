import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, JsonObject } from "@slipway/yaml";
import fc from "fast-check";
import { applyPatch, createPatch } from "rfc6902";
import { StatusError } from "../server/status-error.ts";
import { applyJsonPatch } from "./json-patch.ts";

const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 4 }), fc.boolean(), fc.constant(null));
const { object } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 4 }), tie("object")),
  object: fc.dictionary(fc.constantFrom("a", "b", "c/d", "e~f"), tie("value"), { noNullPrototype: true }),
}));

test("a patch from one object to another makes that other, as with the reference implementation", () => {
  fc.assert(
    fc.property(object, object, (before, after) => {
      const patch = createPatch(before, after);
      const reference = structuredClone(before);
      assert.ok(applyPatch(reference, structuredClone(patch)).every((result) => result === null));
      const untouched = structuredClone(before);
      assert.deepEqual(applyJsonPatch(before, patch as unknown as Json), reference);
      assert.deepEqual(before, untouched);
    }),
  );
});

test("what is copied into itself has its keys sorted as far as the way leads", () => {
  const object = { a: { z: 1, b: { y: 1, x: 1 } } };
  const copied = applyJsonPatch(object, [{ op: "copy", from: "/a", path: "/a/c" }]) as typeof object & {
    a: { c: JsonObject };
  };
  assert.equal(JSON.stringify(copied.a.c), '{"b":{"y":1,"x":1},"z":1}');
  const aside = applyJsonPatch(object, [{ op: "copy", from: "/a", path: "/c" }]);
  assert.equal(JSON.stringify(aside.c), '{"z":1,"b":{"y":1,"x":1}}');
});

test("move, copy and test", () => {
  const object = { a: { b: [1, 2, 3] }, c: "x" };
  const patch = [
    { op: "test", path: "/a/b/1", value: 2 },
    { op: "move", from: "/a/b/0", path: "/first" },
    { op: "copy", from: "/a/b", path: "/copy" },
    { op: "add", path: "/a/b/-", value: 4 },
    { op: "add", path: "/a/b/0", value: 0 },
    { op: "remove", path: "/c" },
    { op: "replace", path: "/new", value: true },
  ];
  assert.deepEqual(applyJsonPatch(object, patch), {
    a: { b: [0, 2, 3, 4] },
    first: 1,
    copy: [2, 3],
    new: true,
  });
});

test("an operation that cannot be done is refused as the server does, with the reason as cause", () => {
  const cases: [JsonObject, RegExp][] = [
    [{ op: "test", path: "/a", value: 2 }, /testing value \/a failed/],
    [{ op: "remove", path: "/b" }, /Unable to remove nonexistent key: b/],
    [{ op: "add", path: "/x/y", value: 1 }, /doc is missing path: "\/x\/y"/],
    [{ op: "replace", path: "/l/7", value: 1 }, /Unable to access invalid index: 7/],
    [{ op: "add", path: "/l/x", value: 1 }, /not a proper array index: 'x'/],
    [{ op: "frob", path: "/a" }, /Unexpected kind: frob/],
  ];
  for (const [operation, reason] of cases) {
    assert.throws(
      () => applyJsonPatch({ a: 1, l: [] }, [operation]),
      (error: StatusError) => {
        assert.equal(error.code, 422);
        assert.equal(error.message, "the server rejected our request due to an error in our request");
        assert.match((error.cause as Error).message, reason);
        return true;
      },
    );
  }
  assert.throws(
    () => applyJsonPatch({}, { a: 1 }),
    (error: unknown) => error instanceof StatusError && error.code === 400,
  );
});

test("what an operation led through is written with its keys sorted, all else as it came", () => {
  const object = { b: { z: 1, a: { y: 1, x: 2 } }, a: 1 };
  const keys = (patch: Json) => JSON.stringify(applyJsonPatch(object, patch));
  assert.equal(
    keys([{ op: "copy", from: "/b", path: "/c" }]),
    '{"a":1,"b":{"z":1,"a":{"y":1,"x":2}},"c":{"z":1,"a":{"y":1,"x":2}}}',
  );
  assert.equal(
    keys([
      { op: "test", path: "/b/z", value: 1 },
      { op: "copy", from: "/b", path: "/c" },
    ]),
    '{"a":1,"b":{"a":{"y":1,"x":2},"z":1},"c":{"a":{"y":1,"x":2},"z":1}}',
  );
});
