import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { build } from "./build.ts";

const root = mkdtempSync(join(tmpdir(), "slipway-disk-"));
after(() => rmSync(root, { recursive: true, force: true }));

function directory(name: string, files: Record<string, string>): string {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

function codeOf(path: string): string {
  try {
    build(path);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
  return "built";
}

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

test("builds from disk and names files as they were given", () => {
  const path = directory("plain", { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": configMap });
  const result = build(path);
  assert.equal(result.yaml(), configMap);
  assert.equal(result.resources[0]?.origin.file, join(path, "a.yaml"));
});

test("a link that leads out of the directory is refused like a path that does", () => {
  const path = directory("link", { "kustomization.yaml": "resources: [a.yaml]\n" });
  writeFileSync(join(root, "outside.yaml"), configMap);
  symlinkSync(join(root, "outside.yaml"), join(path, "a.yaml"));
  assert.equal(codeOf(path), "kustomize/outside-root");
});

test("links that lead in a circle are a missing file, not a hang", () => {
  const path = directory("loop", { "kustomization.yaml": "resources: [a.yaml, sub]\n" });
  symlinkSync("a.yaml", join(path, "a.yaml"));
  assert.equal(codeOf(path), "kustomize/missing-path");
  const up = directory("up", { "kustomization.yaml": "resources: [sub]\n" });
  symlinkSync(".", join(up, "sub"));
  assert.equal(codeOf(up), "kustomize/cycle");
});

test("a path below a file is missing", () => {
  const path = directory("below", {
    "kustomization.yaml": "resources: [a.yaml/b.yaml]\n",
    "a.yaml": configMap,
  });
  assert.equal(codeOf(path), "kustomize/missing-path");
});
