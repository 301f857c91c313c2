import assert from "node:assert/strict";
import { test } from "node:test";
import { countIndexes, sharedIndex } from "./index-lists.ts";

test("a list is counted when its indexes rise and are below the completions", () => {
  const cases: readonly [string, number | string][] = [
    ["", 0],
    ["0", 1],
    ["1,3-5,7", 5],
    ["+2", 1],
    ["3,3", "non-increasing order, previous: 3, current: 3"],
    ["1-4,2", "non-increasing order, previous: 4, current: 2"],
    ["4-4", "non-increasing order, previous: 4, current: 4"],
    ["10", 'too large index: "10"'],
    ["8-10", 'too large index: "10"'],
    ["a", 'cannot convert string to integer for index: "a"'],
    ["1,", 'cannot convert string to integer for index: ""'],
    ["-1", 'cannot convert string to integer for index: ""'],
    ["9223372036854775808", 'cannot convert string to integer for index: "9223372036854775808"'],
    [
      "1-2-3",
      `the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by '-'`,
    ],
  ];
  for (const [text, expected] of cases) assert.equal(countIndexes(text, 10), expected, text);
});

test("what two lists share is found where they meet, whatever else does not parse", () => {
  assert.equal(sharedIndex("0-2,5", "3,5-7", 10), 5);
  assert.equal(sharedIndex("x,4-6", "0,5", 10), 5);
  assert.equal(sharedIndex("0-2", "3-4", 10), undefined);
  assert.equal(sharedIndex("", "1", 10), undefined);
});
