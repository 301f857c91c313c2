import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { fixture, skipWithout } from "../../../../test/support/fixtures.ts";
import { openRelease } from "./open-release.ts";
import { openStarter } from "./starter.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-release-"));
after(() => rmSync(folder, { recursive: true }));

function problemOf(act: () => unknown) {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    return error.problem;
  }
  throw new assert.AssertionError({ message: "no error" });
}

function writeExample(name: string, resources: string[]): string {
  mkdirSync(join(folder, name, "example"), { recursive: true });
  writeFileSync(
    join(folder, name, "example/kustomization.yaml"),
    `resources:\n${resources.map((resource) => `- ${resource}\n`).join("")}`,
  );
  return join(folder, name);
}

test("the starter is a release", () => {
  const starter = openStarter();
  assert.equal(starter.name, "starter");
  assert.deepEqual(
    starter.entries.filter(({ component }) => component === undefined),
    [],
  );
});

test("release 26.03 is recognised with what its example lists", {
  skip: skipWithout(fixture("upstream/26.03")),
}, () => {
  const release = openRelease(fixture("upstream/26.03"), { remotes: fixture("remotes") });
  assert.equal(release.name, "26.03");
  assert.deepEqual(release.mounts, [{ place: fixture("remotes"), name: "" }]);
  assert.equal(release.entries.length, 27);
  assert.deepEqual(release.entries[0], {
    resource: "../common/cert-manager/overlays/kubeflow",
    component: "cert-manager",
  });
});

test("a release is named after its version wherever that stands in the path", () => {
  assert.equal(openRelease(writeExample("v1.11.0", ["../common/dex/base"])).name, "v1.11.0");
  assert.equal(openRelease(writeExample("26.03/manifests", ["../common/dex/base"])).name, "26.03");
  assert.equal(openRelease(writeExample("ours", ["../common/dex/base"])).name, "ours");
});

test("a clone is named after the tag that it has checked out, plain or annotated", () => {
  const root = writeExample("clone", ["../common/dex/base"]);
  const commit = "dd07842e7e9d0b8581aec41a683272f81062ad74";
  mkdirSync(join(root, ".git"));
  writeFileSync(join(root, ".git/HEAD"), `${commit}\n`);
  writeFileSync(join(root, ".git/packed-refs"), `# pack-refs with: peeled\n${commit} refs/tags/26.03\n`);
  assert.equal(openRelease(root).name, "26.03");
  const annotated = "d8e308257088a088700c1f195b633fa33209507f refs/tags/v1.11.0";
  writeFileSync(join(root, ".git/packed-refs"), `${commit} refs/heads/main\n${annotated}\n^${commit}\n`);
  assert.equal(openRelease(root).name, "v1.11.0");
  writeFileSync(join(root, ".git/HEAD"), "ref: refs/heads/main\n");
  assert.equal(openRelease(root).name, "clone");
});

test("a path that is not there, a file, and a folder that is no release are refused", () => {
  assert.equal(problemOf(() => openRelease(join(folder, "nowhere"))).code, "release/not-found");
  writeFileSync(join(folder, "file"), "");
  assert.equal(problemOf(() => openRelease(join(folder, "file"))).code, "release/not-a-folder");
  mkdirSync(join(folder, "empty"));
  const problem = problemOf(() => openRelease(join(folder, "empty")));
  assert.equal(problem.code, "release/not-a-release");
  assert.match(problem.message, /it has no example\/kustomization.yaml$/);
});

test("an example without a single known component is no release", () => {
  const problem = problemOf(() => openRelease(writeExample("website", ["../base"])));
  assert.equal(problem.code, "release/not-a-release");
});

test("someone inside a release is told where it begins", () => {
  const root = writeExample("inside", ["../common/dex/base"]);
  const problem = problemOf(() => openRelease(join(root, "example")));
  assert.equal(problem.next, `did you mean ${root}?`);
});

test("a folder of remotes that is not there is refused", () => {
  const root = writeExample("remote", ["../common/dex/base"]);
  const problem = problemOf(() => openRelease(root, { remotes: join(folder, "nowhere") }));
  assert.equal(problem.code, "release/remotes-not-found");
});
