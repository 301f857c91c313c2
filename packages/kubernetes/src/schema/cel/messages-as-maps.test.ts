import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesAsMaps } from "./messages-as-maps.ts";

test("messages become maps of their fields", () => {
  const cases: [expression: string, written: string][] = [
    ["Object{}", "{}"],
    ["Object{a: [b], c: f(d)}", `{"a": [b], "c": f(d)}`],
    ["Object{spec: Object.spec{a: b, c: {'d': e}}}", `{"spec": {"a": b, "c": {'d': e}}}`],
    ["[JSONPatch{op: 'add', value: x ? y : z}]", `[{"op": 'add', "value": x ? y : z}]`],
    ["Object{?a: optional.of(Object.a{`b-c`: 1})}", `{?"a": optional.of({"b-c": 1})}`],
    ["'Object{a: 1}' == {a: 1}", "'Object{a: 1}' == {a: 1}"],
  ];
  for (const [expression, written] of cases) assert.equal(messagesAsMaps(expression), written);
});
