import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";

const domain = "internal.config.kubernetes.io";

/** Builds one ConfigMap with the given annotations and a kustomization that lists it. */
function yamlOf(annotations: Record<string, string>, kustomization = ""): string {
  const lines = Object.entries(annotations).map(([key, value]) => `    ${key}: ${value}\n`);
  const files = {
    "kustomization.yaml": `resources: [cm.yaml]\n${kustomization}`,
    "cm.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: new\n  annotations:\n${lines.join("")}`,
  };
  return build("/", { fileSystem: memoryFileSystem(files) }).yaml();
}

const bare = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: new\n";

test("annotations that kustomize keeps its books in never come out", () => {
  assert.equal(yamlOf({ [`${domain}/index`]: "'0'", "config.kubernetes.io/path": "a.yaml" }), bare);
  assert.match(yamlOf({ [`${domain}/refBy`]: "x", mine: "y" }), /annotations:\n {4}mine: "?y"?\n {2}name/);
});

test("a name that an object says it had can be asked for", () => {
  const previous = {
    [`${domain}/previousNames`]: "old",
    [`${domain}/previousKinds`]: "Secret",
    [`${domain}/previousNamespaces`]: "default",
  };
  const patch = "patches:\n- patch: '{apiVersion: v1, kind: Secret, metadata: {name: old}, data: {k: v}}'\n";
  assert.equal(
    yamlOf(previous, patch),
    `apiVersion: v1\ndata:\n  k: v\n${bare.slice("apiVersion: v1\n".length)}`,
  );
});

test("an object can ask for the suffix of a hash", () => {
  assert.match(yamlOf({ [`${domain}/needsHashSuffix`]: "enabled" }), /name: new-[a-z0-9]{10}\n/);
});
