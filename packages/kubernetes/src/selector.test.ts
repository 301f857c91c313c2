import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesLabelSelector } from "./selector.ts";

const labels = { app: "web", tier: "front", size: "7" };

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
