import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesLabelSelector, matchesRequirements, parseSelector } from "./selector.ts";

const labels = { app: "web", tier: "front", size: "7" };

for (const [selector, expected] of [
  ["", true],
  ["app=web", true],
  ["app==web,tier=front", true],
  ["app=api", false],
  ["app!=api", true],
  ["absent!=x", true],
  ["app in (api, web)", true],
  ["app notin (api,web),tier", false],
  ["absent notin (a)", true],
  ["tier", true],
  ["!tier", false],
  ["! absent", true],
  ["size>6,size<8", true],
  ["size>7", false],
  ["example.com/part-of=a", false],
] as const) {
  test(`${JSON.stringify(selector)} is ${expected}`, () => {
    assert.equal(matchesRequirements(parseSelector(selector), labels), expected);
  });
}

test("a selector that cannot be read names its part", () => {
  assert.throws(() => parseSelector("a=b,c in d"), /unable to parse requirement: "c in d"/);
});

test("a LabelSelector: absent matches nothing, empty everything, all parts must hold", () => {
  assert.equal(matchesLabelSelector(undefined, labels), false);
  assert.equal(matchesLabelSelector({}, labels), true);
  const selector = {
    matchLabels: { app: "web" },
    matchExpressions: [{ key: "tier", operator: "NotIn", values: ["back"] }],
  };
  assert.equal(matchesLabelSelector(selector, labels), true);
  assert.equal(matchesLabelSelector(selector, { ...labels, tier: "back" }), false);
  assert.equal(matchesLabelSelector({ matchExpressions: [{ key: "x", operator: "Exists" }] }, labels), false);
});
