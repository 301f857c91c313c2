import assert from "node:assert/strict";
import { test } from "node:test";
import { compileCel } from "../cel.ts";

test("an evaluation that fails says why in the words of the real server", () => {
  const object = { text: "abc", list: [1], zero: 0 };
  const cases: [expression: string, words: string][] = [
    ["object.nothing", "no such key: nothing"],
    ["object.text > 1", "no such overload"],
    ["object.text.startsWith(dyn(1))", "no such overload"],
    ["object.text ? 1 : 2", "no such overload"],
    ["object.text && true", "no such overload"],
    ["object.list[1]", "index out of bounds: 1"],
    ["object.list[-1]", "index out of bounds: -1"],
    ["object.list[0] / object.zero", "division by zero"],
    ["object.list[0] % object.zero", "modulus by zero"],
    ["object.list[0] + 9223372036854775807", "integer overflow"],
    ["int(object.text)", "type conversion error from 'string' to 'int'"],
    ["timestamp(object.text)", "type conversion error from 'string' to 'google.protobuf.Timestamp'"],
    ["object.list.slice(0, -1)", "cannot slice(0, -1), negative indexes not supported"],
    ["object.list.slice(0, 2)", "cannot slice(0, 2), list is length 1"],
    ["object.?nothing.value()", "optional.none() dereference"],
    ["object.text.all(c, c == 'a')", "got 'types.String', expected iterable type"],
    [
      "ip(object.text)",
      'IP Address "abc" parse error during conversion from string: ParseAddr("abc"): unable to parse IP',
    ],
    [
      "authorizer.serviceAccount('a b', 'c').path('/a').check('get').allowed()",
      "Invalid service account namespace",
    ],
  ];
  for (const [expression, words] of cases) {
    assert.throws(() => compileCel(expression).evaluate({ object }), { message: words }, expression);
  }
});
