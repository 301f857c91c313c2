import assert from "node:assert/strict";
import { test } from "node:test";
import { readNode } from "@slipway/yaml";
import { newImage, splitImage } from "./images.ts";

const node = readNode("{}");

test("splits names with ports, tags and digests", () => {
  const parts = (text: string) => Object.values(splitImage(text));
  assert.deepEqual(parts("nginx"), ["nginx", "", ""]);
  assert.deepEqual(parts("h:5000/a/b"), ["h:5000/a/b", "", ""]);
  assert.deepEqual(parts("h:5000/a:v1"), ["h:5000/a", "v1", ""]);
  assert.deepEqual(parts("a@sha256:f"), ["a", "", "sha256:f"]);
  assert.deepEqual(parts("a:v1@sha256:f"), ["a", "v1", "sha256:f"]);
});

test("a new tag drops the digest, a new digest the tag, a suffix extends the tag", () => {
  assert.equal(newImage("a:v1@sha256:f", { node, newTag: "v2" }), "a:v2");
  assert.equal(newImage("a:v1", { node, digest: "sha256:e" }), "a@sha256:e");
  assert.equal(newImage("a:v1", { node, tagSuffix: "-x" }), "a:v1-x");
  assert.equal(newImage("a:v1", { node, newName: "b" }), "b:v1");
});
