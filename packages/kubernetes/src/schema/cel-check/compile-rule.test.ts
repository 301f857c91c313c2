import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { declaredSize } from "../cel-cost/declared-size.ts";
import { compileExpression, ruleVariables } from "./compile-rule.ts";
import { declaredType } from "./declared-type.ts";

const word: JsonObject = { type: "string" };
const schema: JsonObject = {
  type: "object",
  properties: {
    size: { type: "integer" },
    share: { type: "number" },
    name: word,
    namespace: word,
    "app.io/x": word,
    since: { type: "string", format: "date-time" },
    mixed: { "x-kubernetes-int-or-string": true },
    words: { type: "array", items: word },
    ports: { type: "array", items: { type: "object", properties: { number: { type: "integer" } } } },
    settings: { type: "object", additionalProperties: word },
  },
};

function compile(rule: string, wanted: "bool" | "string" = "bool", optionalOldSelf = false) {
  const [self, size] = [declaredType(schema, true), declaredSize(schema, true)];
  assert.ok(self && size);
  return compileExpression(rule, wanted, ruleVariables(self, { optionalOldSelf }), size);
}

test("rules whose types go together compile", () => {
  const rules = [
    "self.size > 1 && self.share > 1",
    "has(self.name) ? self.name.startsWith('a') : true",
    "self.words.all(w, w.size() < 3 || w in ['a', 'b'])",
    "self.ports.exists(p, p.number == 1) && self.ports.map(p, p.number).sum() > 1",
    "self.ports.filter(p, has(p.number)).size() == 1 && self.ports.exists_one(p, p.number > 1)",
    "self.settings.all(k, self.settings[k] != '') && size(self.settings) > 0",
    "(has(self.settings) ? self.settings : {}).size() > 0",
    "self.app__dot__io__slash__x == self.metadata.name && self.kind == 'A'",
    "type(self.mixed) == int ? self.mixed > 1 : self.mixed.endsWith('%')",
    "self.since + duration('1h') > timestamp('2026-01-01T00:00:00Z') && self.since != null",
    "url(self.name).getScheme() in ['http', 'https'] && quantity(self.name).isGreaterThan(quantity('1'))",
    "[1, 2][0] == 1 && {'a': [1]}.a == []",
    "self.?name.orValue('a') == 'b' && optional.of(1).hasValue()",
    "self.words.join(',').matches('^a') && self.name.split('.')[0] == r'\\d' // done",
    "self == oldSelf",
    "self.namespace == self.__namespace__",
    "'%s %s'.format([self.mixed, 'a']) == ''",
  ];
  for (const rule of rules) {
    const { failure, fits } = compile(rule);
    assert.deepEqual([failure, fits], [undefined, true], rule);
  }
});

test("what does not go together is shown where it is", () => {
  const cases: [rule: string, failure: string][] = [
    ["self.nope == 1", "ERROR: <input>:1:5: undefined field 'nope'\n | self.nope == 1\n | ....^"],
    ["true &&\n b", "ERROR: <input>:2:2: undeclared reference to 'b' (in container '')\n |  b\n | .^"],
  ];
  for (const [rule, failure] of cases) assert.equal(compile(rule).failure, failure);
  const lines: [rule: string, first: string][] = [
    ["nope(1)", "1:5: undeclared reference to 'nope' (in container '')"],
    ["self.name.x", "1:10: type 'string' does not support field selection"],
    ["self.name > 1", "1:11: found no matching overload for '_>_' applied to '(string, int)'"],
    ["self.name.trim(1)", "1:15: found no matching overload for 'trim' applied to 'string.(int)'"],
    ["self.size == null", "1:11: found no matching overload for '_==_' applied to '(int, null)'"],
    ["[1, 'a'] == []", "1:5: expected type 'int' but found 'string'"],
    ["[self.mixed, 'a'] == []", "1:14: expected type 'dyn' but found 'string'"],
    ["{'a': 1, 'b': self.mixed} == {}", "1:19: expected type 'int' but found 'dyn'"],
    ["url(self.name).host == ''", "1:15: unexpected failed resolution of 'kubernetes.URL'"],
    ["int == 1", "1:5: found no matching overload for '_==_' applied to '(type(int), int)'"],
    ["!list", "1:1: found no matching overload for '!_' applied to '(type(list(dyn)))'"],
    ["[1, 'a'] == self.nope || duration('x') == null", "1:17: undefined field 'nope'"],
    ["timestamp('yesterday') == self.since", "1:11: invalid timestamp argument"],
    ["self.size || true", "1:5: expected type 'bool' but found 'int'"],
    ["self.words.all(w, w)", "1:19: expected type 'bool' but found 'string'"],
    [
      "self.size.exists(s, true)",
      "1:5: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
    ],
    ["duration('1x') == duration('1s')", "1:10: invalid duration argument"],
  ];
  for (const [rule, first] of lines) {
    assert.equal(compile(rule).failure?.split("\n")[0], `ERROR: <input>:${first}`, rule);
  }
});

test("a rule gives a bool, a message a text", () => {
  assert.deepEqual(
    [compile("1").fits, compile("self.mixed").fits, compile("true").fits],
    [false, false, true],
  );
  assert.deepEqual([compile("1", "string").fits, compile("'a' + self.name", "string").fits], [false, true]);
});

test("the old value is of the same type, or an optional of it", () => {
  assert.equal(compile("oldSelf.size == self.size").usesOldSelf, true);
  assert.equal(compile("self.size == 1").usesOldSelf, false);
  assert.equal(compile("oldSelf.hasValue()", "bool", true).fits, true);
  assert.match(compile("oldSelf.hasValue()").failure ?? "", /no matching overload for 'hasValue'/);
});

test("macros are what they stand for", () => {
  const rules = [
    "self.words.all(i, w, i > 1 && w != '') && self.settings.exists(k, v, k == v)",
    "self.words.existsOne(w, w == 'a') && self.words.exists_one(i, w, i == 1)",
    "self.words.transformList(i, w, i > 1, w + 'a') == ['a']",
    "self.words.transformMap(i, w, w)[0] == self.settings.transformMapEntry(k, v, {v: k}).a",
    "self.?name.optMap(n, n.size()).orValue(0) > 1 && self.?words.optFlatMap(w, w[?0]).hasValue()",
    "self.ports.sortBy(p, p.number)[0].number == 1",
  ];
  for (const rule of rules) assert.deepEqual(compile(rule).failure, undefined, rule);
  const lines: [rule: string, first: string][] = [
    ["self.words.all(w.a, true)", "1:17: argument must be a simple name"],
    ["self.words.exists(a, a, true)", "1:22: duplicate variable name: a"],
    ["self.words.all(i, w, w)", "1:22: expected type 'bool' but found 'string'"],
    ["has(self)", "1:5: invalid argument to has() macro"],
    [
      "self.words.transformMap(i, w, w)['a'] == 'a'",
      "1:33: found no matching overload for '_[_]' applied to '(map(int, string), string)'",
    ],
  ];
  for (const [rule, first] of lines) {
    assert.equal(compile(rule).failure?.split("\n")[0], `ERROR: <input>:${first}`, rule);
  }
});

test("bytes have no characters by their code", () => {
  assert.match(compile("b'\\u00e9' == b''").failure ?? "", /1:1: unable to unescape string/);
  assert.equal(compile("br'\\u00e9' == b'\\\\u'").failure, undefined);
});
