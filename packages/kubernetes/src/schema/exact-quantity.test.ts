import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  milliQuantity,
  parseExactQuantity,
} from "./exact-quantity.ts";

test("quantities are written as the API server writes them", () => {
  const cases: [string | number, string][] = [
    ["0.5", "500m"],
    ["1000m", "1"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Ki", "512"],
    ["1000", "1k"],
    ["1500", "1500"],
    ["100Mi", "100Mi"],
    ["1e3", "1e3"],
    ["12e6", "12e6"],
    ["0", "0"],
    ["0Gi", "0"],
    ["-2500m", "-2500m"],
    ["1G", "1G"],
    [2, "2"],
    [0.1, "100m"],
    ["0.0000000001", "1n"],
    ["1e30", "1e30"],
    ["8Ei", "9223372036854775807"],
    ["7.9Ei", "9108079886394091110400m"],
  ];
  for (const [text, expected] of cases) assert.equal(canonicalQuantity(text), expected, String(text));
});

test("what is no quantity is none", () => {
  for (const text of ["", "x", "1 Gi", "1Kb", ".", "1.2.3", "Gi", "1e99999999999999999999"])
    assert.equal(parseExactQuantity(text), undefined);
});

test("amounts of a resource are rounded up to thousandths, away from nothing", () => {
  const cases = { "1n": "1m", "1e-9": "1e-3", "-1n": "-1m", "2500m": "2500m", "1001u": "2m" };
  for (const [text, expected] of Object.entries(cases)) assert.equal(milliQuantity(text), expected, text);
});

test("quantities are added and compared exactly", () => {
  assert.equal(addQuantities("600m", "0.5"), "1100m");
  assert.equal(addQuantities("1Gi", "1k"), "1073742824");
  assert.equal(addQuantities("0", "512Mi"), "512Mi");
  assert.equal(compareQuantities("1Gi", "1024Mi"), 0);
  assert.equal(compareQuantities("999m", "1"), -1);
  assert.equal(compareQuantities("1Gi", "1G"), 1);
});
