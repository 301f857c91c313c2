import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, parseDuration } from "./duration.ts";
import { parseQuantity } from "./quantity.ts";

test("quantities in base units", () => {
  const cases = {
    "100m": 0.1,
    "1.5Gi": 1.5 * 2 ** 30,
    "2e3": 2000,
    "1E": 1e18,
    "10k": 10_000,
    "-1": -1,
    ".5": 0.5,
  };
  for (const [text, value] of Object.entries(cases)) assert.equal(parseQuantity(text), value, text);
  assert.equal(parseQuantity(4), 4);
  for (const text of ["", "1 Gi", "Gi", "1ki", "1KiB"]) assert.equal(parseQuantity(text), undefined, text);
});

test("durations as Go writes them", () => {
  assert.equal(parseDuration("1h30m"), 5_400_000);
  assert.equal(parseDuration("300ms"), 300);
  assert.equal(parseDuration("1.5s"), 1_500);
  assert.equal(parseDuration(20), 20_000);
  for (const text of ["", "s", "5x"]) assert.equal(parseDuration(text), undefined);
});

test("durations for people", () => {
  const cases: [number, string][] = [
    [850, "850 ms"],
    [9_400, "9.4 s"],
    [10_000, "10 s"],
    [59_980, "1 min"],
    [200_000, "3 min 20 s"],
    [3_900_000, "1 h 5 min"],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
});
