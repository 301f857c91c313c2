import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "./build.ts";
import { memoryFileSystem } from "./memory-file-system.ts";
import { resourceFiles } from "./resource-files.ts";

function namesOf(...objects: string[]): string[] {
  const fileSystem = memoryFileSystem({
    "kustomization.yaml": "resources: [all.yaml]\n",
    "all.yaml": objects.join("\n---\n"),
  });
  return [...resourceFiles(build("/", { fileSystem }).resources).keys()].sort();
}

const object = (apiVersion: string, kind: string, name: string, namespace = "") =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}}`;

test("a file is named after group, version, kind and name", () => {
  assert.deepEqual(
    namesOf(
      object("apps/v1", "Deployment", "Web", "a"),
      object("v1", "Namespace", "a"),
      object("v1", "Service", "s", "a"),
    ),
    ["apps_v1_deployment_web.yaml", "v1_namespace_a.yaml", "v1_service_s.yaml"],
  );
});

test("with several namespaces each comes first, and none means default", () => {
  assert.deepEqual(
    namesOf(object("v1", "Service", "s", "a"), object("v1", "Service", "s"), object("v1", "Namespace", "a")),
    ["a_v1_service_s.yaml", "default_v1_service_s.yaml", "v1_namespace_a.yaml"],
  );
});
