import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSelector } from "./parse-selector.ts";
import { matchesRequirements } from "./selector.ts";

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

for (const [selector, message] of [
  ["a=b,c in d", "unable to parse requirement: found 'd' expected: '('"],
  ["a in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ["a in (b", "unable to parse requirement: found '', expected: ',' or ')'"],
  ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ["a=b c", "found 'c', expected: ',' or 'end of string'"],
  ["a=b,", "found '', expected: identifier after ','"],
  ["=b", "found '=', expected: !, identifier, or 'end of string'"],
  ["a=(", "unable to parse requirement: found '(', expected: identifier"],
  ["!,a", "unable to parse requirement: found ',', expected: identifier"],
] as const) {
  test(`${JSON.stringify(selector)} is refused`, () => {
    assert.throws(() => parseSelector(selector), { message });
  });
}

test("what is left out between commas is the empty value", () => {
  const values = (selector: string) => parseSelector(selector)[0]?.values;
  assert.deepEqual(values("a in (b,,c,)"), ["b", "", "c"]);
  assert.deepEqual(values("a in ()"), [""]);
  assert.deepEqual(values("a=,b"), [""]);
});
