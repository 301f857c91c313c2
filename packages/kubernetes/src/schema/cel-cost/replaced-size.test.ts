import assert from "node:assert/strict";
import { test } from "node:test";
import { exactly, most, unknownSize } from "./amount.ts";
import { replacedSize } from "./replaced-size.ts";

test("a text with replacements is as short or long as they make it", () => {
  assert.deepEqual(replacedSize(exactly(10), exactly(2), exactly(3)), { min: 10, max: 15 }, "longer");
  assert.deepEqual(replacedSize(exactly(10), exactly(3), exactly(1)), { min: 4, max: 10 }, "shorter");
  assert.deepEqual(replacedSize(exactly(10), exactly(0), exactly(2)), exactly(32), "around each character");
  assert.deepEqual(replacedSize({ min: 0, max: 4 }, unknownSize, exactly(1)), { min: 0, max: 9 });
  assert.equal(replacedSize(unknownSize, exactly(1), exactly(2)).max, most);
});
