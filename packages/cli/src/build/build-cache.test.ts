import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openBuildCache } from "./build-cache.ts";

const entry = {
  build: { bytes: Buffer.from("kind: Namespace\nname: ü\n"), warnings: ["a warning"] },
  answers: new Map([["file /a", "digest"]]),
};

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-cache-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "builds");
}

test("what is saved is loaded, and what is not there is not", (context) => {
  const cache = openBuildCache(folderFor(context));
  assert.equal(cache.load("key"), undefined);
  cache.save("key", entry);
  assert.deepEqual(cache.load("key"), entry);
  assert.equal(cache.load("other"), undefined);
});

test("an entry that is cut short or changed anywhere is as if it were not there", (context) => {
  const folder = folderFor(context);
  const cache = openBuildCache(folder);
  cache.save("key", entry);
  const whole = readFileSync(join(folder, "key"));
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(join(folder, "key"), whole.subarray(0, length));
    assert.equal(cache.load("key"), undefined, `${length} bytes`);
  }
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 1;
    writeFileSync(join(folder, "key"), damaged);
    assert.equal(cache.load("key"), undefined, `byte ${at}`);
  }
  cache.save("key", entry);
  assert.deepEqual(cache.load("key"), entry);
});

test("what a process that was killed left half written is never read, and goes in time", (context) => {
  const folder = folderFor(context);
  const cache = openBuildCache(folder);
  cache.save("key", entry);
  const left = join(folder, ".other.0123");
  writeFileSync(left, "half of");
  assert.equal(cache.load("other"), undefined);
  cache.save("key", entry);
  assert.ok(readdirSync(folder).includes(".other.0123"), "another process may still be writing it");
  utimesSync(left, 0, 0);
  cache.save("key", entry);
  assert.deepEqual(readdirSync(folder), ["key"]);
});

test("past its limit the entries that were used longest ago go", (context) => {
  const folder = folderFor(context);
  openBuildCache(folder).save("probe", entry);
  const size = readFileSync(join(folder, "probe")).length;
  rmSync(join(folder, "probe"));
  const cache = openBuildCache(folder, 2 * size);
  for (const [index, key] of ["a", "b"].entries()) {
    cache.save(key, entry);
    utimesSync(join(folder, key), index + 1, index + 1);
  }
  cache.load("a");
  cache.save("c", entry);
  assert.deepEqual(readdirSync(folder).sort(), ["a", "c"]);
});

test("a folder that can't be made is as if nothing were kept", () => {
  const cache = openBuildCache("/dev/null/builds");
  cache.save("key", entry);
  assert.equal(cache.load("key"), undefined);
});
