import assert from "node:assert/strict";
import { test } from "node:test";
import { startSlowly } from "./slow-start.ts";

test("creations come in groups of one, two, four", async () => {
  const groups: number[] = [];
  let open = 0;
  const { succeeded } = await startSlowly(10, async () => {
    open += 1;
    await Promise.resolve();
    if (open > 0) groups.push(open);
    open = 0;
  });
  assert.equal(succeeded, 10);
  assert.deepEqual(groups, [1, 2, 4, 3]);
});

test("after a refusal no further group is started", async () => {
  let calls = 0;
  const { succeeded, error } = await startSlowly(100, async (index) => {
    calls += 1;
    if (index === 1) throw new Error("refused");
  });
  assert.equal(calls, 3);
  assert.equal(succeeded, 2);
  assert.match(String(error), /refused/);
});
