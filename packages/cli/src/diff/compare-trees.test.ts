import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeToJson, readNode, scalarNode } from "@slipway/yaml";
import { formatFieldPath } from "../input/field-path.ts";
import { compareTrees } from "./compare-trees.ts";

function changes(before: string, after: string): unknown[] {
  const read = (text: string) => readNode(text);
  return compareTrees(read(before), read(after)).map((change) => [
    formatFieldPath(change.path),
    change.before && nodeToJson(change.before),
    change.after && nodeToJson(change.after),
  ]);
}

test("the order of keys and of keyed items is no difference", () => {
  assert.deepEqual(changes("{a: 1, b: [{name: x}, {name: y}]}", "{b: [{name: y}, {name: x}], a: 1}"), []);
});

test("a tag that is not printed is no difference, a type that is printed is one", () => {
  assert.deepEqual(compareTrees(scalarNode("v1", "string"), scalarNode("v1", "untagged")), []);
  assert.equal(compareTrees(scalarNode("5", "integer"), scalarNode("5", "string")).length, 1);
});

test("fields that changed, went and came", () => {
  assert.deepEqual(changes("{a: 1, b: 2}", "{a: 3, c: {d: 4}}"), [
    ["a", 1, 3],
    ["b", 2, undefined],
    ["c", undefined, { d: 4 }],
  ]);
});

test("items are found by key, and one without key that comes between is one change", () => {
  assert.deepEqual(changes("l: [{name: a, v: 1}, {name: b}]", "l: [{name: b}, {name: a, v: 2}]"), [
    ["l[name=a].v", 1, 2],
  ]);
  assert.deepEqual(changes("l: [a, b, c]", "l: [a, x, b, c]"), [["l[1]", undefined, "x"]]);
  assert.deepEqual(changes("l: [a, a]", "l: [a]"), [["l[1]", "a", undefined]]);
});

test("the same text of another type is a difference", () => {
  assert.deepEqual(changes("a: 1", 'a: "1"'), [["a", 1, "1"]]);
});
