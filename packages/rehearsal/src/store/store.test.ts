import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { equalJson } from "@slipway/kubernetes";
import fc from "fast-check";
import { cloneJson } from "./immutable.ts";
import { createStore, type StoreEvent, storeKey } from "./store.ts";

function object(name: string, value: number): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { value: String(value) } };
}

const names = (entries: readonly (readonly [string, KubernetesObject])[]) =>
  entries.map(([key, { data }]) => `${key}=${(data as { value: string }).value}`);

test("what is stored cannot be changed from outside, and carries its revision", () => {
  const store = createStore();
  const given = object("a", 1);
  const stored = store.put("c", "a", given);
  given.data = { value: "changed" };
  assert.deepEqual(store.get("c", "a")?.data, { value: "1" });
  assert.equal(stored.metadata.resourceVersion, String(store.revision()));
  assert.throws(() => {
    (stored.data as { value: string }).value = "2";
  }, TypeError);
});

test("a snapshot at any past revision is the collection as it was then", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    value: fc.nat(9),
    remove: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const store = createStore();
      const seen: { revision: number; entries: string[] }[] = [];
      for (const { name, value, remove } of steps) {
        if (remove) store.remove("c", name);
        else store.put("c", name, object(name, value));
        seen.push({ revision: store.revision(), entries: names(store.snapshot("c").entries) });
      }
      for (const { revision, entries } of seen) {
        assert.deepEqual(names(store.snapshot("c", revision).entries), entries);
      }
    }),
  );
});

test("the events after a revision lead from its snapshot to the present", () => {
  const store = createStore();
  const heard: StoreEvent[] = [];
  store.put("c", "a", object("a", 1));
  const from = store.revision();
  const unsubscribe = store.subscribe("c", (event) => heard.push(event));
  store.put("c", "b", object("b", 2));
  store.put("other", "x", object("x", 1));
  store.put("c", "a", object("a", 3));
  store.remove("c", "b");
  unsubscribe();
  store.put("c", "d", object("d", 4));
  const events = store.eventsSince("c", from).map(({ type, key }) => `${type} ${key}`);
  assert.deepEqual(events, ["ADDED b", "MODIFIED a", "DELETED b", "ADDED d"]);
  assert.deepEqual(
    heard.map(({ type, key }) => `${type} ${key}`),
    ["ADDED b", "MODIFIED a", "DELETED b"],
  );
  const [, , deleted] = heard;
  assert.equal(deleted?.object.metadata.resourceVersion, String(deleted?.revision));
});

test("what the history no longer holds is 410", () => {
  const store = createStore({ historyLength: 10 });
  for (let i = 0; i < 30; i++) store.put("c", "a", object("a", i));
  assert.throws(() => store.eventsSince("c", 2), { code: 410, reason: "Expired" });
  assert.throws(() => store.snapshot("c", 2), { code: 410 });
  assert.equal(store.eventsSince("c", store.revision() - 5).length, 5);
});

test("keys put the namespace first", () => {
  assert.equal(storeKey("ns", "name"), "ns/name");
  assert.equal(storeKey(undefined, "name"), "name");
});

test("equality of JSON values does not depend on key order or on undefined", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [left, right] = [a, b] as Parameters<typeof equalJson>;
      assert.ok(equalJson(left, cloneJson(left)));
      assert.equal(equalJson(left, right), equalJson(right, left));
    }),
  );
  assert.ok(equalJson({ a: 1, b: 2 }, { b: 2, a: 1, c: undefined }));
  assert.ok(!equalJson({ a: 1 }, { a: 1, b: null }));
  assert.ok(!equalJson([1, 2], [2, 1]));
});

test("a key named __proto__ is a key like any other", () => {
  const object = JSON.parse('{"__proto__": {"a": 1}}');
  assert.deepEqual(Object.keys(cloneJson(object)), ["__proto__"]);
  assert.ok(equalJson(object, cloneJson(object)));
  assert.ok(!equalJson(object, { b: 1 }));
});
