import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkListOptions,
  checkWatchOptions,
  formatContinue,
  parseContinue,
  parseNumber,
} from "./list-options.ts";

const query = (text: string) => new URLSearchParams(text);

test("a list may not ask for versions that contradict each other", () => {
  for (const [text, why] of [
    ["resourceVersion=x", /invalid resource version/],
    ["resourceVersionMatch=Exact", /forbidden unless resourceVersion is provided/],
    ["resourceVersionMatch=Exact&resourceVersion=0", /"exact" is forbidden for resourceVersion "0"/],
    ["resourceVersionMatch=Newest&resourceVersion=5", /Unsupported value: "Newest"/],
    ["resourceVersionMatch=Exact&resourceVersion=5&continue=x", /forbidden when continue is provided/],
    ["sendInitialEvents=true", /forbidden for list/],
    ["resourceVersion=5&continue=x", /not allowed when using continue/],
  ] as const) {
    assert.throws(() => checkListOptions(query(text)), why, text);
  }
  checkListOptions(query("resourceVersionMatch=NotOlderThan&resourceVersion=0"));
  checkListOptions(query("resourceVersion=0&continue=x"));
});

test("a watch may only ask for its first objects not older than a version", () => {
  for (const [text, why] of [
    ["resourceVersion=-1", /parsing "-1"/],
    ["sendInitialEvents=true", /requires setting resourceVersionMatch/],
    ["resourceVersionMatch=NotOlderThan", /unless sendInitialEvents is provided/],
    ["resourceVersionMatch=Exact&sendInitialEvents=true", /Unsupported value: "Exact"/],
    ["resourceVersionMatch=NotOlderThan&sendInitialEvents=true&continue=x", /when continue is provided/],
  ] as const) {
    assert.throws(() => checkWatchOptions(query(text)), why, text);
  }
  checkWatchOptions(query("resourceVersionMatch=NotOlderThan&sendInitialEvents=true"));
});

test("a token says where a list goes on, and is refused when it says anything else", () => {
  const token = { v: "meta.k8s.io/v1", rv: 7, start: "team/a\u0000" } as const;
  assert.deepEqual(parseContinue(formatContinue(token)), token);
  assert.deepEqual(parseContinue(formatContinue({ ...token, rv: -1 })), { ...token, rv: -1 });
  assert.equal(parseContinue(null), undefined);
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const [value, why] of [
    [{ ...token, v: "meta.k8s.io/v2" }, /this encoded version meta.k8s.io\/v2/],
    [{ ...token, rv: 0 }, /start resourceVersion/],
    [{ ...token, start: "" }, /start key empty/],
    [{ ...token, start: "../a" }, /not valid: \.\.\/a/],
    [{ ...token, start: "a//b" }, /not valid: a\/\/b/],
  ] as const) {
    assert.throws(() => parseContinue(encoded(value)), why);
  }
});

test("a number that is none is refused", () => {
  assert.equal(parseNumber(query("limit=5"), "limit"), 5);
  assert.equal(parseNumber(query(""), "limit"), 0);
  assert.throws(() => parseNumber(query("limit=x"), "limit"), /parsing "x": invalid syntax/);
});
