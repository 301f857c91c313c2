import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { fixture, skipWithout } from "../../../test/support/fixtures.ts";
import { build } from "./build.ts";

/** Directories that between them use every feature of the release. */
const directories = [
  "example",
  "applications/katib/upstream/installs/katib-leader-election",
  "applications/model-registry/upstream/options/ui/overlays/standalone",
  "applications/pipeline/upstream/env/cert-manager/dev",
  "applications/jupyter/notebook-controller/upstream/overlays/kubeflow",
];

for (const directory of directories) {
  const golden = fixture("golden/26.03", `${directory.replaceAll("/", "__")}.yaml.gz`);
  test(`${directory} of release 26.03 builds to kustomize's bytes`, { skip: skipWithout(golden) }, () => {
    const expected = gunzipSync(readFileSync(golden)).toString("utf8");
    const options = { remotes: fixture("remotes") };
    const actual = build(fixture("upstream/26.03", directory), options).yaml();
    assert.ok(actual === expected, `${directory} differs; npm run conformance shows where`);
  });
}
