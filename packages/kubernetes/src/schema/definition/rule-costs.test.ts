import assert from "node:assert/strict";
import { test } from "node:test";
import { most } from "../cel-cost/amount.ts";
import { checkExpressionCost, checkTotalCost, partsOf } from "./rule-costs.ts";

test("an expression beyond its limit is refused, and by how much", () => {
  const factor = (cost: number) =>
    checkExpressionCost({ path: "spec.a", cost }, "estimated rule cost").map(
      ({ message }) => /factor of (.*) \(/.exec(message)?.[1],
    );
  assert.deepEqual(factor(10_000_000), []);
  assert.deepEqual(factor(10_000_001), ["1.000000x"]);
  assert.deepEqual(factor(14_999_999), ["1.500000x"]);
  assert.deepEqual(factor(15_000_000), ["1.5x"]);
  assert.deepEqual(factor(22_500_000), ["2.2x"], "a half goes to the even digit");
  assert.deepEqual(factor(27_500_000), ["2.8x"]);
  assert.deepEqual(factor(1_000_000_000), ["100.0x"]);
  assert.deepEqual(factor(most), ["more than 100x"]);
});

test("a schema beyond its limit is refused with its four dearest expressions", () => {
  const costs = [9, 30, 10, 0.5, 20, 40].map((millions) => ({
    path: `rule${millions}`,
    cost: millions * 1_000_000,
  }));
  const fields = (errors: ReturnType<typeof checkTotalCost>) => errors.map(({ field }) => field);
  assert.deepEqual(fields(checkTotalCost(costs, "schema")), [
    "rule40",
    "rule30",
    "rule20",
    "rule10",
    "schema",
  ]);
  assert.deepEqual(checkTotalCost(costs.slice(0, 5), "schema"), []);
  const many = Array.from({ length: 200 }, (_, index) => ({ path: `rule${index}`, cost: 900_000 }));
  assert.deepEqual(fields(checkTotalCost(many, "schema")), ["schema"], "each of them takes too little");
});

test("there are as many parts as the limits around them let there be", () => {
  assert.equal(partsOf({ type: "array", maxItems: 3 }, 5), 15);
  assert.equal(partsOf({ type: "object", additionalProperties: {}, maxProperties: 2 }, 5), 10);
  assert.equal(partsOf({ type: "object", maxProperties: 2 }, 5), 5);
  assert.equal(partsOf({ type: "array" }, 5), undefined);
  assert.equal(partsOf({ type: "string" }, undefined), undefined);
});
