import assert from "node:assert/strict";
import { test } from "node:test";
import { nextRun, parseCronSchedule } from "./cron-schedule.ts";

function next(schedule: string, after: string): string | undefined {
  const parsed = parseCronSchedule(schedule);
  assert.ok(parsed, schedule);
  const time = nextRun(parsed, Date.parse(after));
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
}

test("schedules run at the next matching minute", () => {
  const now = "2026-01-01T00:00:30Z";
  assert.equal(next("* * * * *", now), "2026-01-01T00:01");
  assert.equal(next("*/15 * * * *", now), "2026-01-01T00:15");
  assert.equal(next("30 4 * * *", now), "2026-01-01T04:30");
  assert.equal(next("0 0 * * mon-fri", "2026-01-02T12:00:00Z"), "2026-01-05T00:00");
  assert.equal(next("0 12 1 jul *", now), "2026-07-01T12:00");
  assert.equal(next("5,10 3 * * *", "2026-01-01T03:05:00Z"), "2026-01-01T03:10");
  assert.equal(next("@hourly", now), "2026-01-01T01:00");
  assert.equal(next("0 0 29 2 *", now), "2028-02-29T00:00");
});

test("a day and a weekday that are both given are alternatives", () => {
  assert.equal(next("0 0 13 * fri", "2026-01-03T00:00:00Z"), "2026-01-09T00:00");
  assert.equal(next("0 0 13 * fri", "2026-01-09T00:00:00Z"), "2026-01-13T00:00");
});

test("a date that never comes has no next run; what is no schedule is refused", () => {
  assert.equal(next("0 0 31 2 *", "2026-01-01T00:00:00Z"), undefined);
  for (const text of ["", "* * * *", "60 * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *"]) {
    assert.equal(parseCronSchedule(text), undefined, text);
  }
});
