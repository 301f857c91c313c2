import assert from "node:assert/strict";
import { test } from "node:test";
import { createConceal } from "./conceal.ts";

test("data and annotations of a Secret are digests, equal for equal values within one run only", () => {
  const conceal = createConceal();
  const hidden = conceal("swordfish", "Secret", ["stringData", "password"]);
  assert.match(String(hidden), /^hidden \([0-9a-f]{8}\)$/);
  assert.equal(conceal("swordfish", "Secret", ["data", "other"]), hidden);
  assert.notEqual(conceal("trout", "Secret", ["data", "other"]), hidden);
  assert.notEqual(createConceal()("swordfish", "Secret", ["stringData", "password"]), hidden);
  assert.notEqual(conceal("swordfish", "Secret", ["metadata", "annotations", "a"]), "swordfish");
});

test("whole Secrets and maps in them keep their keys, and what is no data", () => {
  const shown = JSON.stringify(
    createConceal()(
      { metadata: { name: "s", annotations: { a: "swordfish" } }, data: { k: "trout" } },
      "Secret",
      [],
    ),
  );
  assert.ok(!/swordfish|trout/.test(shown), shown);
  assert.match(shown, /"name":"s"/);
  assert.match(shown, /"k":"hidden/);
});

test("other kinds are shown as they are", () => {
  assert.deepEqual(createConceal()({ a: [1] }, "ConfigMap", ["data"]), { a: [1] });
});
