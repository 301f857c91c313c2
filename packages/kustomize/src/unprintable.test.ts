import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

const foo = "apiVersion: example.com/v1\nkind: Foo\nmetadata:\n  name: f\n";
const replacement =
  "replacements:\n- sourceValue: word\n  targets: [{select: {kind: Foo}, fieldPaths: [spec.0.n]}]\n";

/** Puts a word where a number is in a base, and builds what stands on it. */
function yamlOver(top: string): string {
  return build("/top", {
    fileSystem: memoryFileSystem({
      "base/kustomization.yaml": `resources: [foo.yaml]\n${replacement}`,
      "base/foo.yaml": `${foo}spec:\n- n: 5\n`,
      "top/kustomization.yaml": `resources: [../base]\n${top}`,
      "top/p.yaml": `${foo}spec: [later]\n`,
    }),
  }).yaml();
}

test("a word where a number was can't be printed", () => {
  assert.throws(() => yamlOver(""), /cannot decode string `word` as integer/);
});

test("a word where a number was does no harm once a patch has replaced it", () => {
  assert.match(yamlOver("patches: [{path: p.yaml}]\n"), /spec:\n- later\n/);
});

test("a JSON patch of an object with a word where a number was fails, whatever comes after", () => {
  const patch = "patchesJson6902:\n- target: {version: v1, kind: Foo, name: f}\n  patch: '[]'\n";
  assert.throws(
    () => yamlOver(`${patch.replace("'[]'", `'[{"op":"remove","path":"/spec"}]'`)}`),
    /cannot decode string `word` as integer/,
  );
});

test("a count in quotes is a number still: a word in its place can't be printed", () => {
  const run = (value: string) =>
    build("/", {
      fileSystem: memoryFileSystem({
        "kustomization.yaml": `resources: [d.yaml]\nreplicas: [{name: d, count: 8}]\nreplacements:\n- sourceValue: "${value}"\n  targets: [{select: {kind: Deployment}, fieldPaths: [spec.replicas]}]\n`,
        "d.yaml": 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  replicas: "2"\n',
      }),
    }).yaml();
  assert.match(run("9"), /replicas: "9"/);
  assert.throws(() => run("8:8"), /cannot decode string `8:8` as integer/);
});
