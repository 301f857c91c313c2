import assert from "node:assert/strict";
import { test } from "node:test";
import { printNode, readNode } from "@slipway/yaml";
import type { MergeSchema, SchemaLookup } from "./merge-schema.ts";
import { mergeNodes } from "./strategic-merge.ts";

const lookup: SchemaLookup = { ofKind: () => undefined, named: () => undefined };

/** Merges two lists by keys, or by value when there are none. */
function merge(target: string, patch: string, ...mergeKeys: string[]): string {
  const list: MergeSchema = { field: () => undefined, items: undefined, mergeKeys };
  const schema: MergeSchema = { field: () => list, items: undefined, mergeKeys: undefined };
  const read = (text: string) => readNode(`l: ${text}\n`, { dialect: "kustomize" });
  const context = { lookup, step: { kind: "strategic-merge", at: null } as const };
  const merged = mergeNodes(read(target), read(patch), schema, context);
  return merged === null ? "" : printNode(merged).replace(/\s+/g, " ").trim();
}

test("items that count by value come once, those of the patch first", () => {
  assert.equal(merge("[a, b]", "[c, b]"), "l: - c - b - a");
});

test("maps can't be merged by value", () => {
  const byValue = /merged by value: expected a scalar/;
  assert.equal(merge("[]", "[{a: 1}]"), "l: - a: 1");
  assert.throws(() => merge("[{a: 1}]", "[{a: 1}]"), byValue);
  assert.throws(() => merge("[x]", "[{a: 3}]"), byValue);
  assert.throws(() => merge("[{a: 3}]", "[]"), byValue);
});

test("scalars can't be merged by a key", () => {
  assert.equal(merge("[{name: x}]", "[a]", "name"), "l: []");
  for (const patch of ["[{name: x}]", "[b]"]) {
    assert.throws(() => merge("[a]", patch, "name"), /merged by name: expected a map/);
  }
});
