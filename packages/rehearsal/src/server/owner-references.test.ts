import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "./testing.ts";

const owner = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", name, uid: `uid-${name}` });
const json = { "content-type": "application/json" };
const merge = { "content-type": "application/merge-patch+json" };
const path = "/api/v1/namespaces/default/configmaps";

test("an owner that is said twice is kept once, and advised against", async () => {
  const { ask } = await startServer();
  const object = { metadata: { name: "a", ownerReferences: [owner("x"), owner("y"), owner("x")] } };
  const kept = (body: { metadata?: unknown }) =>
    (body.metadata as { ownerReferences: { name: string }[] }).ownerReferences.map(({ name }) => name);
  const created = await ask("POST", path, object, json);
  assert.deepEqual(kept(created.body), ["x", "y"]);
  assert.match(created.headers.warning ?? "", /contains duplicate entries; .*observed: uid-x"/);
  const replaced = await ask("PUT", `${path}/a`, object, json);
  assert.match(replaced.headers.warning ?? "", /contains duplicate entries; /);
  const again = [owner("x"), owner("x"), { ...owner("x"), controller: true }];
  const patched = await ask("PATCH", `${path}/a`, { metadata: { ownerReferences: again } }, merge);
  assert.deepEqual(kept(patched.body), ["x", "x"]);
  assert.match(patched.headers.warning ?? "", /duplicate entries after mutating admission happens; /);
});
