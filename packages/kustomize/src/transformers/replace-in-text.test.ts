import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "../build.ts";
import { memoryFileSystem } from "../memory-file-system.ts";

/** What becomes of `data.t`, a text, when the value is put at a path inside of it. */
function replaced(text: string, path: string, sourceValue: string, create = false): unknown {
  const { resources } = build("/", {
    fileSystem: memoryFileSystem({
      "kustomization.yaml": `resources: [cm.yaml]\nreplacements:\n- sourceValue: ${JSON.stringify(sourceValue)}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: [data.t.${path}]\n    options: {create: ${create}}\n`,
      "cm.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cm\ndata:\n  t: ${JSON.stringify(text)}\n`,
    }),
  });
  return (resources[0]?.object.data as { t?: unknown } | undefined)?.t;
}

test("a field that a replacement makes in JSON text has the type that its value reads as", () => {
  assert.equal(replaced('{"old":"x"}', "new", "5", true), '{"new":5,"old":"x"}');
  assert.equal(replaced('{"old":"x"}', "old", "5", true), '{"old":"5"}');
});

test("JSON text stays as it was when a field's type can't take the value", () => {
  assert.equal(replaced('{"n": 1.50}', "n", "word"), '{"n": 1.50}');
  assert.equal(replaced('[{"k": 1}]', "0.k", "word"), '[{"k": 1}]');
  assert.equal(replaced('{"n": 1.50}', "n", "7"), '{"n":7}');
});

test("YAML text names the type of a field that its value does not show", () => {
  assert.equal(replaced("n: 0777\n", "n", "word"), "n: !!int word");
  assert.equal(replaced("n: 5\n", "n", "a: b"), "n: !!int 'a: b'");
  assert.equal(replaced("n: 1.5\n", "n", "5"), "n: !!float 5");
  assert.equal(replaced("n:\n", "n", "word"), "n: !!null word");
  assert.equal(replaced("n: 2020-01-01\n", "n", "5"), "n: !!timestamp 5");
  assert.equal(replaced("{l: [1, b]}\n", "l.0", "word"), "{l: [1, b]}\n");
  assert.equal(replaced("l: [1, b]\n", "l.0", "word"), "l: [!!int word, b]");
});

test("a map in YAML text gives way to what the value reads as", () => {
  assert.equal(replaced("a: {b: c}\n", "a", "5"), "a: 5");
});

test("YAML text keeps its block scalars", () => {
  assert.equal(replaced("b: |\n  two\n  lines\n", "b", "text"), "b: |-\n  text");
  assert.equal(replaced("b: >\n  x\n", "b", "text"), "b: >-\n  text");
  assert.equal(replaced("a: b\nz: >\n  x\n  y\n\n  z\n", "a", "c"), "a: c\nz: >\n  x y\n\n  z");
});
