import assert from "node:assert/strict";
import { test } from "node:test";
import { getPath, type YamlNode } from "@slipway/yaml";
import { readResources } from "./read-resources.ts";

const item = (value: string) =>
  `  - apiVersion: v1\n    kind: Foo\n    metadata: {name: f}\n    spec: {a: ${value}}\n`;

/** The field `spec.a` of the only object. */
function fieldOf(text: string): YamlNode | undefined {
  const [resource, second] = readResources(text, {});
  assert.equal(second, undefined);
  return getPath(resource?.root, "spec", "a");
}

test("the items of a list went through JSON", () => {
  const inList = (value: string) => fieldOf(`apiVersion: v1\nkind: FooList\nitems:\n${item(value)}`)?.text;
  assert.equal(inList("1.0"), "1");
  assert.equal(inList("0777"), "511");
  assert.equal(inList("True"), "true");
  assert.equal(inList("~"), "null");
  assert.equal(inList("123456789012345678901234567890"), "1.2345678901234568e+29");
  assert.equal(inList("2020-01-01"), "2020-01-01T00:00:00Z");
});

test("the items of a single List are as they were written", () => {
  assert.equal(fieldOf(`apiVersion: v1\nkind: List\nitems:\n${item("1.0")}`)?.text, "1.0");
});
