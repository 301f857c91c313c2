import assert from "node:assert/strict";
import { test } from "node:test";
import { base64ErrorAt } from "./base64.ts";

test("a text stops being base64 where Go says so", () => {
  const cases: [string, number | undefined][] = [
    ["", undefined],
    ["eA==", undefined],
    ["eHh4", undefined],
    ["e\nHh\n4", undefined],
    ["x", 0],
    ["eHh4ab", 4],
    ["a b", 1],
    ["a=", 1],
    ["eA=", 3],
    ["eA=x", 2],
    ["eA==x", 4],
    ["not base64!", 3],
  ];
  for (const [text, at] of cases) assert.equal(base64ErrorAt(text), at, text);
});
