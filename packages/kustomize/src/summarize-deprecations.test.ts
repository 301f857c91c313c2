import assert from "node:assert/strict";
import { test } from "node:test";
import { build, memoryFileSystem } from "@slipway/kustomize";
import { summarizeDeprecations } from "./summarize-deprecations.ts";

const fileSystem = memoryFileSystem({
  "top/kustomization.yaml": "bases: [../one, ../two]\nimages: [{name: nowhere, newTag: v1}]\n",
  "one/kustomization.yaml": "resources: [../base]\nnamePrefix: one-\ncommonLabels: {a: b}\n",
  "two/kustomization.yaml": "bases: [../base]\nnamePrefix: two-\n",
  "base/kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {c: d}\n",
  "base/a.yaml": "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}\n",
});

test("each deprecated field is told once, with the number of its places and the first", () => {
  const { warnings } = build("/top", { fileSystem });
  assert.deepEqual(
    summarizeDeprecations(warnings, (file) => file.slice(1)),
    [
      "'bases' is deprecated. Please use 'resources' instead (2 times, first at top/kustomization.yaml:1)",
      "'commonLabels' is deprecated. Please use 'labels' instead (2 times, first at one/kustomization.yaml:3)",
    ],
  );
});
