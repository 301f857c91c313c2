import assert from "node:assert/strict";
import { test } from "node:test";
import { compileCel } from "../cel.ts";

const self = {
  words: ["b", "a", "b"],
  settings: { x: "y", z: "w" },
  name: "n",
  ports: [{ n: 2n }, { n: 1n }],
};

const holds = (rules: readonly string[]) => {
  for (const rule of rules) assert.equal(compileCel(rule).run({ self }), true, rule);
};

test("loops run over one variable or two, with a filter or without", () => {
  holds([
    "self.words.existsOne(w, w == 'a') && !self.words.existsOne(w, w == 'b')",
    "self.words.existsOne(i, w, w == 'b' && i == 0) && self.words.exists_one(i, w, i == 1)",
    "self.words.all(i, w, i < 3) && self.settings.exists(k, v, v == 'y') && !self.settings.all(k, v, k == 'x')",
    "self.words.transformList(i, w, w + 'c') == ['bc', 'ac', 'bc']",
    "self.words.transformList(i, w, i > 0, w) == ['a', 'b']",
    "self.settings.transformMap(k, v, v + k) == {'x': 'yx', 'z': 'wz'}",
    "self.settings.transformMap(k, v, k == 'z', v) == {'z': 'w'}",
    "self.settings.transformMapEntry(k, v, {v: k}) == {'y': 'x', 'w': 'z'}",
    "self.settings.transformMapEntry(k, v, k == 'x', {v: k}) == {'y': 'x'}",
    "self.words.all(w, self.words.existsOne(i, v, i == 1 && v == 'a'))",
    "self.ports.sortBy(p, p.n).map(p, p.n) == [1, 2]",
  ]);
});

test("a loop over an optional value runs where there is one", () => {
  holds([
    "self.?name.optMap(n, n + 'x').orValue('') == 'nx'",
    "!self.?nope.optMap(n, n + 'x').hasValue()",
    "self.?words.optFlatMap(w, w[?1]).orValue('') == 'a'",
    "[optional.of(1), optional.none()].unwrapOpt() == [1] && optional.unwrap([optional.of(1)]) == [1]",
    "!optional.ofNonZeroValue('').hasValue() && optional.ofNonZeroValue(self.words).hasValue()",
  ]);
});

test("functions may have the name of what they are in", () => {
  holds([
    "ip.isCanonical('10.0.0.1') && !ip.isCanonical('::0:1') && ip('::1').isLoopback()",
    "['10.0.0.1'].all(ip, isIP(ip))",
    "lists.range(3) == [0, 1, 2] && ['a'].map(lists, lists + 'b') == ['ab']",
    String.raw`strings.quote('a\"b') == '"a\\\"b"'`,
    "sign(quantity('-1')) == -1 && matches('ab', '^a')",
  ]);
});
