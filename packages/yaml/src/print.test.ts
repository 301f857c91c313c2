import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readYamlDocument } from "./document.ts";
import type { Json } from "./json.ts";
import { printJson, printNode } from "./print.ts";
import { printInOrder } from "./print-in-order.ts";
import { readNode } from "./read.ts";
import { compareKeys } from "./sort-keys.ts";

/** Strings and how kustomize prints them as the value of a key. */
const strings: readonly [string, string][] = [
  ["plain", "plain"],
  ["yes", '"yes"'],
  ["y", '"y"'],
  ["", '""'],
  ["0777", '"0777"'],
  ["12:30:45", '"12:30:45"'],
  ["1_000", '"1_000"'],
  ["2020-01-01", '"2020-01-01"'],
  ["null", '"null"'],
  ["<<", "<<"],
  ["- x", "'- x'"],
  ["a: b", "'a: b'"],
  ["a #b", "'a #b'"],
  ["*", "'*'"],
  ["it's", "it's"],
  ["'q'", "'''q'''"],
  [" lead", "' lead'"],
  ["a\tb", '"a\\tb"'],
  ["\u{1F600}", '"\\U0001F600"'],
  ["a\nb", "|-\n  a\n  b"],
  ["a\nb\n", "|\n  a\n  b"],
  ["a\n\n", "|+\n  a\n"],
  ["  a\nb\n", "|2\n    a\n  b"],
  ["a \nb", '"a \\nb"'],
  ["---", "'---'"],
];

for (const [text, printed] of strings) {
  test(`prints ${JSON.stringify(text)} as kustomize does`, () => {
    assert.equal(printJson({ k: text }), `k: ${printed}\n`);
  });
}

test("a long line folds at the first space past column 80", () => {
  const words = Array.from({ length: 30 }, () => "word").join(" ");
  const [first, second] = printJson({ k: words }).split("\n");
  assert.equal(first?.length, 82);
  assert.match(second ?? "", /^ {2}word/);
});

test("keys stand in natural order, digits by value and letters last", () => {
  const keys = ["a10", "a9", "A", "a-b", "1", "_u", "ab"];
  assert.deepEqual(keys.toSorted(compareKeys), ["_u", "1", "A", "a-b", "a9", "a10", "ab"]);
});

test("lists are not indented under their key, lists of lists share a line", () => {
  assert.equal(printJson({ a: [["b"], { c: 1, d: [] }], e: {} }), "a:\n- - b\n- c: 1\n  d: []\ne: {}\n");
});

test("a key too long for one line gets a question mark", () => {
  const key = "k".repeat(129);
  assert.equal(printJson({ [key]: 1 }), `? ${key}\n: 1\n`);
});

/** Numbers as written and as kustomize prints them. */
const numbers: readonly [string, string][] = [
  ["1.0", "1"],
  ["1e3", "1000"],
  ["1234567.5", "1.2345675e+06"],
  ["0.00001", "1e-05"],
  ["9007199254740993", "9007199254740993"],
  ["-9223372036854775808", "-9223372036854775808"],
  ["18446744073709551615", "18446744073709551615"],
  ["123456789012345678901234567890", "1.2345678901234568e+29"],
  ["-0", "0"],
  ["0x10", "16"],
];

for (const [text, printed] of numbers) {
  test(`prints the number ${text} as kustomize does`, () => {
    assert.equal(printNode(readNode(`v: ${text}\n`, { dialect: "kustomize" })), `v: ${printed}\n`);
  });
}

test("nulls stay, dates become strings", () => {
  const node = readNode("a: ~\nb: 2020-01-01\n", { dialect: "kustomize" });
  assert.equal(printNode(node), 'a: null\nb: "2020-01-01T00:00:00Z"\n');
});

test("what is printed reads back the same in both dialects", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string(),
    fc.stringMatching(/^[ \n'"#:a-]{0,12}$/),
    fc.lorem({ maxCount: 40 }),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text.filter((one) => one.isWellFormed()),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        text.filter((one) => one.isWellFormed() && one !== "<<"),
        tie("value"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));
  // DEL, C1 controls and separators are not text for Go's YAML either.
  const isText = (json: Json) => !/[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u.test(JSON.stringify(json));
  fc.assert(
    fc.property(value.filter(isText), (json) => {
      const printed = printJson({ k: json });
      for (const dialect of ["kubectl", "kustomize"] as const) {
        assert.deepEqual(readYamlDocument(printed, { dialect }).value, { k: json });
      }
    }),
    { numRuns: 400 },
  );
});

test("printing in order keeps keys and quotes", () => {
  const text = "b: 'x'\na:\n- name: \"1\"\n  v: 2\nc: |-\n  l1\n  l2\n";
  assert.equal(printInOrder(readNode(text, { dialect: "kustomize" })), text);
});

test("printing in order keeps braces and brackets, on one line", () => {
  const text = "a: {\n  'k': \"v\", n: 1, image: a:b,\n  l: [x, [], {}]\n}\nb:\n  - c: [\"p,q\", 'r', s]\n";
  assert.equal(
    printInOrder(readNode(text, { dialect: "kustomize" })),
    "a: {'k': \"v\", n: 1, image: 'a:b', l: [x, [], {}]}\nb:\n- c: [\"p,q\", 'r', s]\n",
  );
});

test("printing in order keeps comments and evens the indentation", () => {
  const text =
    "# head\na: 1 # beside\nm: # of m\n    k: v\n    # deep\n# above\nl:\n  # item\n  - x: |\n      # text\n    y: 2\n\n# end\n";
  assert.equal(
    printInOrder(readNode(text, { dialect: "kustomize" })),
    "# head\na: 1 # beside\nm: # of m\n  k: v\n  # deep\n# above\nl:\n# item\n- x: |\n    # text\n  y: 2\n\n# end\n",
  );
});
