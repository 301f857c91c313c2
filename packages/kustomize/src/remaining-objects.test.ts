import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

/** Builds two ConfigMaps with a replacement of their names. */
function namesAfter(replacement: string): string {
  const { resources } = build("/", {
    fileSystem: memoryFileSystem({
      "kustomization.yaml": `resources: [all.yaml]\nreplacements:\n- ${replacement}\n`,
      "all.yaml": `${configMap("a")}data: {k: {x: y}}\n---\n${configMap("b")}`,
    }),
  });
  return resources.map(({ object }) => (object.metadata as { name: string }).name).join(" ");
}

test("two objects that became the same at the end are an error", () => {
  const target = "targets: [{select: {kind: ConfigMap, name: b}, fieldPaths: [metadata.name]}]";
  assert.equal(namesAfter(`{sourceValue: c, ${target}}`), "a c");
  assert.throws(() => namesAfter(`{sourceValue: a, ${target}}`), /already registered id/);
});

test("an object that has lost its name is an error", () => {
  const target = "targets: [{select: {kind: ConfigMap, name: b}, fieldPaths: [metadata.name]}]";
  assert.throws(() => namesAfter(`{sourceValue: '', ${target}}`), /missing metadata.name/);
  const map = `targets: [{select: {name: b}, fieldPaths: [metadata.labels], options: {create: true}}, {select: {name: b}, fieldPaths: [metadata.name]}]`;
  assert.throws(
    () => namesAfter(`{source: {kind: ConfigMap, name: a, fieldPath: data.k}, ${map}}`),
    /missing metadata.name/,
  );
});
