import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { builtinSchema } from "../builtin/schemas.ts";
import { StatusError } from "../server/status-error.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

const schema = builtinSchema("apps", "v1", "Deployment");
assert.ok(schema);

function patchPodSpec(spec: JsonObject, patch: JsonObject): JsonObject {
  const wrap = (inner: JsonObject) => ({ spec: { template: { spec: inner } } });
  const result = applyStrategicMergePatch(wrap(spec), wrap(patch), schema as NonNullable<typeof schema>);
  return ((result.spec as JsonObject).template as JsonObject).spec as JsonObject;
}

test("containers are merged by name, as kubectl set image expects", () => {
  const spec = {
    containers: [
      { name: "a", image: "a:1", args: ["x", "y"] },
      { name: "b", image: "b:1" },
    ],
  };
  const patched = patchPodSpec(spec, {
    "$setElementOrder/containers": [{ name: "a" }, { name: "b" }],
    containers: [{ name: "b", image: "b:2" }],
  });
  assert.deepEqual(patched.containers, [
    { name: "a", image: "a:1", args: ["x", "y"] },
    { name: "b", image: "b:2" },
  ]);
  assert.deepEqual(patchPodSpec(spec, { containers: [{ name: "a", args: ["z"] }] }).containers, [
    { name: "a", image: "a:1", args: ["z"] },
    { name: "b", image: "b:1" },
  ]);
});

test("$setElementOrder sorts what the sender knows and leaves the server's items where they stood", () => {
  const spec = { containers: [{ name: "sidecar" }, { name: "a" }, { name: "b" }] };
  const patched = patchPodSpec(spec, {
    "$setElementOrder/containers": [{ name: "b" }, { name: "a" }],
    containers: [{ name: "a", image: "a" }],
  });
  assert.deepEqual(
    (patched.containers as JsonObject[]).map((container) => container.name),
    ["sidecar", "b", "a"],
  );
});

test("$patch deletes an item, replaces a list, replaces a map", () => {
  const spec = {
    containers: [{ name: "a" }, { name: "b" }],
    nodeSelector: { x: "1" },
    securityContext: { runAsUser: 1 },
  };
  const deleted = patchPodSpec(spec, { containers: [{ name: "a", $patch: "delete" }] });
  assert.deepEqual(deleted.containers, [{ name: "b" }]);
  const replaced = patchPodSpec(spec, { containers: [{ $patch: "replace" }, { name: "c" }] });
  assert.deepEqual(replaced.containers, [{ name: "c" }]);
  const map = patchPodSpec(spec, { securityContext: { $patch: "replace", runAsGroup: 2 } });
  assert.deepEqual(map.securityContext, { runAsGroup: 2 });
});

test("$retainKeys makes one volume source take another's place", () => {
  const spec = { volumes: [{ name: "v", emptyDir: {} }] };
  const patched = patchPodSpec(spec, {
    volumes: [{ $retainKeys: ["name", "configMap"], name: "v", configMap: { name: "c" } }],
  });
  assert.deepEqual(patched.volumes, [{ name: "v", configMap: { name: "c" } }]);
  assert.throws(
    () => patchPodSpec(spec, { volumes: [{ $retainKeys: ["name"], name: "v", configMap: { name: "c" } }] }),
    (error: unknown) => error instanceof StatusError && error.code === 400,
  );
});

test("primitive lists: merged as sets where the type says so, deleted from by directive, else replaced", () => {
  const object = { metadata: { finalizers: ["a", "b"] } };
  const merge = (metadata: JsonObject) =>
    applyStrategicMergePatch(object, { metadata }, schema as NonNullable<typeof schema>)
      .metadata as JsonObject;
  assert.deepEqual(new Set(merge({ finalizers: ["c"] }).finalizers as string[]), new Set(["a", "b", "c"]));
  assert.deepEqual(merge({ "$deleteFromPrimitiveList/finalizers": ["a"] }).finalizers, ["b"]);
  const spec = { containers: [{ name: "a", args: ["1"] }] };
  assert.deepEqual(patchPodSpec(spec, { containers: [{ name: "a", args: ["2"] }] }).containers, [
    { name: "a", args: ["2"] },
  ]);
});

test("null removes a field; an item without its merge key is refused", () => {
  assert.deepEqual(patchPodSpec({ hostname: "h", subdomain: "s" }, { hostname: null }), { subdomain: "s" });
  assert.throws(
    () => patchPodSpec({ containers: [{ name: "a" }] }, { containers: [{ image: "x" }] }),
    /merge key: name/,
  );
});
