import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { cacheFolder, fetchRelease } from "./fetch-release.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-fetch-"));
after(() => rmSync(folder, { recursive: true }));
const repository = join(folder, "repository");
const cache = join(folder, "cache");

function git(...args: string[]): void {
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { stdio: "ignore" });
}

const withoutGit = (() => {
  try {
    git("init", "--quiet", repository);
    writeFileSync(join(repository, "file"), "first");
    git("-C", repository, "add", "file");
    git("-C", repository, "commit", "--quiet", "-m", "First");
    git("-C", repository, "tag", "v1");
    return false;
  } catch {
    return "no git program";
  }
})();

test("a ref is fetched once", { skip: withoutGit }, async () => {
  const first = await fetchRelease({ git: repository, ref: "v1", cache });
  assert.equal(readFileSync(join(first, "file"), "utf8"), "first");
  rmSync(repository, { recursive: true });
  assert.equal(await fetchRelease({ git: repository, ref: "v1", cache }), first);
});

test("what can't be fetched is said without the password, and leaves nothing behind", {
  skip: withoutGit,
}, async () => {
  const address = `file://someone:hunter2@${join(folder, "nowhere")}`;
  await assert.rejects(fetchRelease({ git: address, ref: "v1", cache: join(folder, "other") }), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problem.code, "release/fetch-failed");
    assert.doesNotMatch(JSON.stringify(error.problem), /hunter2/);
    return true;
  });
  const kept = readdirSync(join(folder, "other/releases")).flatMap((name) =>
    readdirSync(join(folder, "other/releases", name)),
  );
  assert.deepEqual(kept, []);
});

for (const ref of ["--upload-pack=x", "..", "."]) {
  test(`${ref} is refused as a ref before git runs`, async () => {
    await assert.rejects(fetchRelease({ git: repository, ref, cache: join(folder, "third") }), {
      message: /is no git reference/,
    });
    assert.equal(existsSync(join(folder, "third")), false);
  });
}

test("the cache lies where the environment says", () => {
  assert.equal(cacheFolder({ SLIPWAY_CACHE: "/a" }), "/a");
  assert.equal(cacheFolder({ XDG_CACHE_HOME: "/b" }), join("/b", "slipway"));
  assert.match(cacheFolder({ XDG_CACHE_HOME: "relative" }), /\.cache\/slipway$/);
});
