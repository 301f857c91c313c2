import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultRepository } from "../catalogue/repository.ts";
import { withoutPassword } from "../git/run-git.ts";
import { readReference } from "../lock/locked-remotes.ts";
import { mirrored } from "./mirrors.ts";
import { parseReleaseName } from "./release-source.ts";
import { compareVersions, parseVersion } from "./version.ts";

test("a flag names a folder that is there, a repository with a ref, or a version", () => {
  const read = (name: string) => parseReleaseName(name, (path) => path === "26.01");
  assert.deepEqual(read("26.01"), { type: "path", path: "26.01" });
  assert.deepEqual(read("26.03"), { type: "git", git: defaultRepository, ref: "26.03" });
  assert.deepEqual(read("https://x.org/a#main"), { type: "git", git: "https://x.org/a", ref: "main" });
  assert.deepEqual(read("../repository#v1"), { type: "git", git: "../repository", ref: "v1" });
  assert.deepEqual(read("../nowhere"), { type: "path", path: "../nowhere" });
  assert.throws(() => read("https://x.org/a"), /holds many releases/);
});

test("versions are ordered by their numbers, a candidate before its release", () => {
  const names = ["v1.11.0", "26.03-rc.2", "26.03", "v1.2.0", "26.03-rc.10", "26.03.1", "v1.11.0-rc.0"];
  const sorted = names
    .flatMap((name) => parseVersion(name) ?? [])
    .sort(compareVersions)
    .map(({ name }) => name);
  assert.deepEqual(sorted, [
    "v1.2.0",
    "v1.11.0-rc.0",
    "v1.11.0",
    "26.03-rc.2",
    "26.03-rc.10",
    "26.03",
    "26.03.1",
  ]);
  for (const name of ["main", "v1", "1.2.3.4", "26.03-beta", "x26.03"]) {
    assert.equal(parseVersion(name), undefined, name);
  }
});

test("the mirror with the longest beginning counts; a folder becomes a file: address", () => {
  const mirrors = { "https://github.com/": "https://mirror.org/", "https://github.com/acme/": "/srv/acme/" };
  assert.equal(mirrored("https://github.com/o/r", mirrors), "https://mirror.org/o/r");
  assert.equal(mirrored("https://github.com/acme/r", mirrors), "file:///srv/acme/r");
  assert.equal(mirrored("https://x.org/r", mirrors), "https://x.org/r");
});

test("references are repositories or raw files", () => {
  const git = { git: "https://github.com/o/r", path: "a/b", ref: "v1" };
  assert.deepEqual(readReference("https://github.com/o/r/a/b?ref=v1"), git);
  assert.deepEqual(readReference("https://github.com/o/r//a/b?ref=v1"), git);
  assert.deepEqual(readReference("github.com/o/r/a/b?ref=v1"), git);
  assert.deepEqual(readReference("git@github.com:o/r.git//a/b?ref=v1"), {
    ...git,
    git: "ssh://git@github.com/o/r",
  });
  assert.deepEqual(readReference("https://github.com/o/r/a/b"), { ...git, ref: "" });
  for (const file of ["https://github.com/o/r/releases/download/v1/m.yaml", "https://x.org/m"]) {
    assert.deepEqual(readReference(file), { file });
  }
});

test("addresses lose passwords and tokens", () => {
  assert.equal(withoutPassword("fetch https://me:secret@x.org/a"), "fetch https://x.org/a");
  assert.equal(withoutPassword("https://token@x.org/a"), "https://x.org/a");
  assert.equal(withoutPassword("ssh://git:secret@x.org/a"), "ssh://git@x.org/a");
  assert.equal(withoutPassword("ssh://git@x.org/a"), "ssh://git@x.org/a");
});
