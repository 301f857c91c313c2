import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { typeExpression } from "../cel-check/compile-rule.ts";
import { declaredType } from "../cel-check/declared-type.ts";
import { most } from "./amount.ts";
import { declaredSize } from "./declared-size.ts";

const word: JsonObject = { type: "string", maxLength: 5 };
const schema: JsonObject = {
  type: "object",
  properties: {
    size: { type: "integer" },
    word,
    open: { type: "string" },
    words: { type: "array", maxItems: 10, items: word },
    settings: { type: "object", maxProperties: 4, additionalProperties: word },
    rooms: {
      type: "array",
      maxItems: 3,
      items: {
        type: "object",
        properties: { name: word, doors: { type: "array", maxItems: 7, items: word } },
      },
    },
  },
};

function cost(expression: string): number | undefined {
  const [self, size] = [declaredType(schema, false), declaredSize(schema, false)];
  assert.ok(self && size);
  const { failure, cost } = typeExpression(expression, new Map([["self", self]]));
  assert.equal(failure, undefined, expression);
  return cost(size);
}

function costs(cases: readonly (readonly [expression: string, cost: number])[]): void {
  for (const [expression, expected] of cases) assert.equal(cost(expression), expected, expression);
}

test("names, parts and literals have a price, and calls one by what they go through", () => {
  costs([
    ["true", 0],
    ["self.size > 1", 3],
    ["has(self.word)", 1],
    ["!self.words.isSorted() == !!true", 2 + 10 * (1 + 2) + 1 + 1],
    ["[1, 2].size() == 2 && {}.size() == 0", 10 + 2 + 30 + 2],
    // A text of 5 characters may have 20 bytes; the comparison ends with the shorter.
    ["self.word == 'abc'", 2 + 1],
    ["self.word == self.open", 4 + 2],
    ["self.word + self.word == self.open", 4 + 4 + 2 + 4],
    ["self.word.matches('abcdefgh')", 2 + 3 * 2],
    ["self.word.contains(self.word)", 4 + 2 * 2],
    ["self.size in [1, 2, 3]", 2 + 10 + 3],
    ["self.open.startsWith(self.word)", 4 + 2],
    ["dyn(self.word) == self.word", 2 + 1 + 2 + 2],
  ]);
});

test("a loop costs as often as there may be items", () => {
  const each = (predicate: number) => 2 + 1 + predicate;
  costs([
    ["self.words.all(w, w == 'a')", 2 + 1 + 10 * each(2)],
    ["self.words.exists(w, w == 'a')", 2 + 1 + 10 * (1 + each(2))],
    ["self.settings.all(k, v, v == self.word)", 2 + 1 + 4 * each(1 + 2 + 2)],
    ["self.rooms.all(r, r.doors.all(d, d == 'a'))", 2 + 1 + 3 * each(2 + 1 + 7 * each(2))],
    ["self.words.map(w, w).size() == 1", 2 + 10 + 1 + 10 * (1 + 1 + 10 + 1) + 2],
  ]);
});

test("paths that share their room find the size of what was looked at last", () => {
  const each = (predicate: number) => 2 + 1 + predicate;
  const [doors, bytesOfName] = [7, 20];
  costs([
    ["self.rooms.all(r, r.doors.all(d, r.name == d))", 3 + 3 * each(3 + bytesOfName * each(5))],
    ["self.rooms.all(r, r.doors.all(d, d == self.word))", 3 + 3 * each(3 + doors * each(5))],
  ]);
});

test("functions of the libraries cost what they go through", () => {
  costs([
    ["self.words.min() in []", 2 + 10 * 3 + 10 + 0],
    ["self.words.join(self.word) == ''", 4 + 38 + 0],
    ["self.word.replace('a', 'bc').contains('aaaaaaaaaaa')", 2 + 4 + 4 * 2],
    ["sets.contains(self.words, self.words)", 4 + 101],
    ["self.words.distinct().size() == 1", 2 + 211 + 2],
    ["self.words.sort().size() == 1", 2 + Math.ceil(100 * 2.1) + 11 + 2],
    ["lists.range(5).all(n, n > 1)", 16 + 1 + 5 * (3 + 2)],
    ["quantity(self.word) == quantity(self.word)", 8 + 1],
    ["ip(self.word).family() == 4", 4 + 1 + 1],
    ["cidr(self.word).containsIP(self.word)", 4 + 2 + 4 + 2],
    ["url(self.word).getHost() == self.word", 4 + 1 + 2 + 2],
    ["format.dns1123Label().validate(self.word).hasValue()", 1 + 2 + 2 * 32 + 1],
    ["self.?word.orValue('a') == 'a'", 2 + 1 + 1],
  ]);
});

test("what has no size that is known has no bound", () => {
  for (const rule of ["quantity(self.word) != quantity(self.word)", "self.words.min() == self.words.max()"]) {
    assert.ok((cost(rule) ?? 0) >= most / 10, rule);
  }
});
