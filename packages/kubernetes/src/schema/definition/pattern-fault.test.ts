import assert from "node:assert/strict";
import { test } from "node:test";
import { patternFault } from "./pattern-fault.ts";

test("a pattern is refused in the words of Go's compiler", () => {
  const cases: [pattern: string, fault: string | undefined][] = [
    ["^[a-z]+$", undefined],
    ["(?i)^a", undefined],
    ["[(?=]\\(?=", undefined],
    ["(", "error parsing regexp: missing closing ): `(`"],
    ["a)", "error parsing regexp: unexpected ): `a)`"],
    ["a[b", "error parsing regexp: missing closing ]: `[b`"],
    ["*", "error parsing regexp: missing argument to repetition operator: `*`"],
    ["a**", "error parsing regexp: invalid nested repetition operator: `**`"],
    ["a\\", "error parsing regexp: trailing backslash at end of expression: ``"],
    ["a(?!b)", "error parsing regexp: invalid or unsupported Perl syntax: `(?!`"],
    ["(a)\\1", "error parsing regexp: invalid escape sequence: `\\1`"],
  ];
  for (const [pattern, fault] of cases) assert.equal(patternFault(pattern), fault, pattern);
});
