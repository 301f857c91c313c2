import assert from "node:assert/strict";
import { test } from "node:test";
import { replaceReleaseKey } from "./set-release.ts";

test("one value is replaced, and nothing else", () => {
  const cases: [before: string, after: string][] = [
    [
      '# a\nspec:\n  release:\n    version: "26.03" # why\n  x: "26.03"\n',
      '# a\nspec:\n  release:\n    version: "26.06" # why\n  x: "26.03"\n',
    ],
    ["spec: {release: {version: v1.0, a: b}}\n", 'spec: {release: {version: "26.06", a: b}}\n'],
    ["spec:\n  release: {version: '26.03'}\n", 'spec:\n  release: {version: "26.06"}\n'],
  ];
  for (const [before, after] of cases) assert.equal(replaceReleaseKey(before, "version", "26.06"), after);
  assert.equal(replaceReleaseKey("spec: {release: {path: a}}\n", "version", "26.06"), undefined);
});
