import assert from "node:assert/strict";
import { test } from "node:test";
import { scheduleFault } from "./cron-schedules.ts";

test("schedules are read as cron reads them", () => {
  for (const schedule of [
    "*/5 0-6/2 1,15 jan-mar MON",
    "? ? ? * ?",
    "5/10 +1 31 12 sun-sat",
    "@hourly",
    "@every 1h30m",
    "TZ=Europe/Berlin @daily",
    ", * * * *",
  ]) {
    assert.equal(scheduleFault(schedule), undefined, schedule);
  }
});

test("what is wrong is said in cron's words", () => {
  const faults: Readonly<Record<string, string>> = {
    "a b": "expected exactly 5 fields, found 2: [a b]",
    "x * * * *": 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax',
    "60 * * * *": "end of range (60) above maximum (59): 60",
    "* * 0 * *": "beginning of range (0) below minimum (1): 0",
    "* 5-3 * * *": "beginning of range (5) beyond end of range (3): 5-3",
    "1-2-3 * * * *": "too many hyphens: 1-2-3",
    "1/2/3 * * * *": "too many slashes: 1/2/3",
    "*/0 * * * *": "step of range should be a positive number: */0",
    "*/-1 * * * *": "negative number (-1) not allowed: -1",
    "* * * * 7": "end of range (7) above maximum (6): 7",
    "@often": "unrecognized descriptor: @often",
    "@every 5": 'failed to parse duration @every 5: time: missing unit in duration "5"',
    "@every 5x": 'failed to parse duration @every 5x: time: unknown unit "x" in duration "5x"',
    "TZ=a": "invalid schedule format: runtime error: slice bounds out of range [:-1]",
    "CRON_TZ=Mars/Base * * * * *": "provided bad location Mars/Base: unknown time zone Mars/Base",
  };
  for (const [schedule, fault] of Object.entries(faults)) assert.equal(scheduleFault(schedule), fault);
});
