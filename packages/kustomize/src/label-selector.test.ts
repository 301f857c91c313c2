import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesLabels } from "./label-selector.ts";

const labels = new Map([
  ["app", "web"],
  ["tier", "3"],
]);

const cases: readonly [string, boolean][] = [
  ["", true],
  ["app=web", true],
  ["app==web,tier=3", true],
  ["app!=web", false],
  ["other!=x", true],
  ["app in (web, db)", true],
  ["app notin (web)", false],
  ["other notin (web)", true],
  ["app", true],
  ["!app", false],
  ["!other", true],
  ["tier>2", true],
  ["tier<2", false],
];

for (const [selector, expected] of cases) {
  test(`${selector || "(empty)"} ${expected ? "matches" : "does not match"}`, () => {
    assert.equal(matchesLabels(labels, selector), expected);
  });
}

test("a selector that does not parse is an error", () => {
  assert.throws(() => matchesLabels(labels, "a b c"), /selector requirement/);
});
