import assert from "node:assert/strict";
import { test } from "node:test";
import { literalSize } from "./literal-size.ts";

test("a literal is as large as what it stands for", () => {
  const cases: [type: "string" | "bytes" | "int", text: string, size: number][] = [
    ["string", "'abc'", 3],
    ["string", '"""a"b"""', 3],
    ["string", "'ä😀'", 2],
    ["string", String.raw`'\x41\101é\U0001F600\n\\'`, 6],
    ["string", String.raw`r'\n'`, 2],
    ["bytes", "b'ä'", 2],
    ["bytes", String.raw`b'\x00\377'`, 2],
    ["bytes", String.raw`bR'\x'`, 2],
    ["int", "1234", 1],
  ];
  for (const [type, text, size] of cases) {
    assert.equal(literalSize({ kind: "literal", type, text, offset: 0 }), size, text);
  }
});
