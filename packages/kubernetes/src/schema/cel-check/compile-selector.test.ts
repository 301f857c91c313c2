import assert from "node:assert/strict";
import { test } from "node:test";
import { selectorProblem } from "./compile-selector.ts";

test("an expression over a device gives a bool, or what it may be", () => {
  assert.equal(selectorProblem('device.driver == "a.example"'), undefined);
  assert.equal(selectorProblem('device.attributes["a.example"].healthy'), undefined);
  assert.equal(
    selectorProblem('device.capacity["a.example"].memory.isGreaterThan(quantity("1Gi"))'),
    undefined,
  );
  assert.equal(selectorProblem("device.driver"), "must evaluate to bool or the unknown type, not string");
  assert.match(
    selectorProblem("device.name == 'a'") ?? "",
    /^compilation failed: ERROR: <input>:1:7: undefined field 'name'\n/,
  );
  assert.match(selectorProblem("") ?? "", /^compilation failed: ERROR: <input>:1:0: Syntax error: [^\n]*$/);
});
