import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { addFile, addTree, findFile, findTree } from "./cache.ts";
import { makeBeside } from "./make-beside.ts";
import { makeManifest, parseManifest } from "./manifest.ts";

function temporaryCache(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-cache-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const make = (text: string) => async (folder: string) => {
  writeFileSync(join(folder, "a"), text);
  await new Promise((resolve) => setImmediate(resolve));
  symlinkSync("a", join(folder, "b"));
};

test("a tree that two runs add at once is there once", async (context) => {
  const cache = temporaryCache(context);
  const trees = await Promise.all(["text", "text", "other"].map((text) => addTree(cache, make(text))));
  const [first, second, other] = trees.map(({ manifest }) => manifest.digest);
  assert.equal(first, second);
  assert.notEqual(first, other);
  assert.equal(readdirSync(join(cache, "trees")).length, 2);
  const found = findTree(cache, first ?? "");
  assert.equal(readFileSync(join(found?.root ?? "", "b"), "utf8"), "text");
  assert.deepEqual(parseManifest(found?.manifest.text ?? ""), makeManifest(found?.root ?? ""));
});

test("what fails half-way leaves nothing", async (context) => {
  const cache = temporaryCache(context);
  const failing = async (path: string) => {
    writeFileSync(join(path, "a"), "half");
    throw new Error("broken off");
  };
  await assert.rejects(addTree(cache, failing), /broken off/);
  await assert.rejects(
    addFile(cache, async () => Promise.reject(new Error("broken off"))),
    /broken off/,
  );
  assert.deepEqual([...readdirSync(join(cache, "trees")), ...readdirSync(join(cache, "files"))], []);
});

test("a tree whose list is damaged is none, and is replaced", async (context) => {
  const cache = temporaryCache(context);
  const { manifest, root } = await addTree(cache, make("text"));
  writeFileSync(join(root, "../files.sha256"), "");
  assert.equal(findTree(cache, manifest.digest), undefined);
  await addTree(cache, make("text"));
  assert.ok(findTree(cache, manifest.digest));
});

test("a file lies under its digest", async (context) => {
  const cache = temporaryCache(context);
  const { digest, path } = await addFile(cache, async (target) => writeFileSync(target, "text"));
  assert.equal(findFile(cache, digest), path);
  assert.equal(findFile(cache, `sha256:${"0".repeat(64)}`), undefined);
});

test("what a killed run has left is removed after a day, not before", (context) => {
  const parent = temporaryCache(context);
  const old = makeBeside(parent);
  const fresh = makeBeside(parent);
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  utimesSync(old, longAgo, longAgo);
  makeBeside(parent);
  const names = readdirSync(parent).map((name) => join(parent, name));
  assert.ok(!names.includes(old) && names.includes(fresh));
});
