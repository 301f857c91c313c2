import assert from "node:assert/strict";
import { test } from "node:test";
import { base64 } from "./base64.ts";

test("any number of bytes is what Node's Buffer makes of it", () => {
  for (const length of [0, 1, 2, 3, 4, 12_287, 12_288, 12_289, 50_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 256);
    assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
  }
});
