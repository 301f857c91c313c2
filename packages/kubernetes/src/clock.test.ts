import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./clock.ts";

test("a wait that is longer than one timer can wait does not end before its time", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const longestTimer = 2 ** 31 - 1;
  const ended: string[] = [];
  systemClock.schedule(2 * longestTimer + 1000, () => ended.push("waited for"));
  const cancel = systemClock.schedule(2 * longestTimer + 500, () => ended.push("cancelled"));
  context.mock.timers.tick(longestTimer);
  context.mock.timers.tick(longestTimer);
  assert.deepEqual(ended, []);
  cancel();
  context.mock.timers.tick(999);
  assert.deepEqual(ended, []);
  context.mock.timers.tick(1);
  assert.deepEqual(ended, ["waited for"]);
});
