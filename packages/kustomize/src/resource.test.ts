import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

/** The name of an object that a base leaves without one, after the base's own change and one on top. */
function nameOver(base: string, top: string): unknown {
  const nameTo = (name: string) =>
    `replacements:\n- sourceValue: '${name}'\n  targets: [{select: {kind: Foo}}]\n`;
  const { resources } = build("/", {
    fileSystem: memoryFileSystem({
      "kustomization.yaml": `resources: [base]\n${top}${nameTo("back")}`,
      "base/kustomization.yaml": `resources: [foo.yaml]\n${base}${nameTo("")}`,
      "base/foo.yaml": "apiVersion: example.com/v1\nkind: Foo\nmetadata:\n  name: f\n",
    }),
  });
  return (resources[0]?.object.metadata as { name: unknown } | undefined)?.name;
}

test("an object without a name goes on when it never had another, or is not changed", () => {
  assert.equal(nameOver("", ""), "back");
  assert.equal(nameOver("", "namePrefix: p-\n"), "back");
  assert.equal(nameOver("namePrefix: p-\n", ""), "back");
});

test("an object that was renamed before it lost its name can't be changed", () => {
  assert.throws(() => nameOver("namePrefix: p-\n", "nameSuffix: -s\n"), /missing metadata.name/);
});
