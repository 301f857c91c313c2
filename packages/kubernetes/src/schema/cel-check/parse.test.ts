import assert from "node:assert/strict";
import { test } from "node:test";
import { formatIssues } from "./issue.ts";
import { parse } from "./parse.ts";

const first =
  "'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER";

test("what is no expression is told in the words of the grammar", () => {
  const cases: [expression: string, ...lines: string[]][] = [
    ["a b", "1:3: Syntax error: extraneous input 'b' expecting <EOF>"],
    ["a b c", "1:3: Syntax error: mismatched input 'b' expecting <EOF>"],
    ["10%", `1:4: Syntax error: mismatched input '<EOF>' expecting {${first}}`],
    ["/a", `1:1: Syntax error: extraneous input '/' expecting {${first}}`],
    ["f(", `1:3: Syntax error: mismatched input '<EOF>' expecting {${first.replace("'(',", "'(', ')',")}}`],
    ["f(a", "1:4: Syntax error: missing ')' at '<EOF>'"],
    ["(a", "1:3: Syntax error: missing ')' at '<EOF>'"],
    ["[1", "1:3: Syntax error: mismatched input '<EOF>' expecting {']', ','}"],
    ["a ? b", "1:6: Syntax error: mismatched input '<EOF>' expecting ':'"],
    ["!-a", "1:3: Syntax error: no viable alternative at input '-a'"],
    ["-!a", "1:2: Syntax error: no viable alternative at input '-!'"],
    ["a..b", "1:3: Syntax error: no viable alternative at input '..'"],
    [
      "a = 1",
      "1:3: Syntax error: token recognition error at: '= '",
      "1:5: Syntax error: extraneous input '1' expecting <EOF>",
    ],
  ];
  for (const [expression, ...lines] of cases) {
    const parsed = parse(expression);
    assert.ok("issues" in parsed, expression);
    const text = formatIssues(expression, parsed.issues)
      .split("\n")
      .filter((line) => line.startsWith("ERROR"));
    assert.deepEqual(
      text,
      lines.map((line) => `ERROR: <input>:${line}`),
    );
  }
});

test("wide letters have wide marks below them", () => {
  const shown = (offset: number) => formatIssues("'ä€' ß", [{ offset, text: "no" }]).split("\n")[2];
  assert.deepEqual([shown(4), shown(5)], [" | .\uff0e\uff0e.^", " | .\uff0e\uff0e..\uff3e"]);
});

test("operators bind as they do in C, and stand where they are written", () => {
  const parsed = parse("a || b && c + -1 * d");
  assert.ok("root" in parsed && parsed.root.kind === "call");
  const [, right] = parsed.root.parameters;
  assert.deepEqual([parsed.root.name, parsed.root.offset], ["_||_", 2]);
  assert.ok(right?.kind === "call");
  assert.deepEqual([right.name, right.offset], ["_&&_", 7]);
});
