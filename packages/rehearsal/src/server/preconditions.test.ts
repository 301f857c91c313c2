import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "./testing.ts";

const uid = "11111111-2222-3333-4444-555555555555";
const put = { "content-type": "application/json" };

test("a PUT that would create is refused when it names a uid", async () => {
  const { ask } = await startServer();
  const role = { metadata: { name: "a", uid }, rules: [] };
  const roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles/a";
  const refused = await ask("PUT", roles, role, put);
  assert.equal(refused.status, 409);
  assert.equal(
    refused.body.message,
    `Operation cannot be fulfilled on roles.rbac.authorization.k8s.io "a": StorageError: invalid object, Code: 4, Key: /registry/roles/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: `,
  );
  assert.equal((await ask("PUT", roles, { ...role, metadata: { name: "a" } }, put)).status, 201);
  const service = { metadata: { name: "a", uid }, spec: { ports: [{ port: 80 }] } };
  const { body } = await ask("PUT", "/api/v1/namespaces/default/services/a", service, put);
  assert.match(String(body.message), /Key: \/registry\/services\/specs\/default\/a, /);
});

test("a Service comes into being through its status, other kinds do not", async () => {
  const { ask } = await startServer();
  const path = "/api/v1/namespaces/default/services/a/status";
  const apply = { "content-type": "application/apply-patch+yaml" };
  const status = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };
  const bare = { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, status };
  const refused = await ask("PATCH", `${path}?fieldManager=a`, bare, apply);
  assert.deepEqual(
    [refused.status, /spec.ports: Required value/.test(String(refused.body.message))],
    [422, true],
  );
  const created = await ask("PUT", path, { ...bare, spec: { ports: [{ port: 80 }] } }, put);
  assert.equal(created.status, 201);
  assert.equal((created.body.spec as { clusterIP?: string }).clusterIP, undefined);
  const claim = { metadata: { name: "a" }, spec: {}, status: {} };
  const other = await ask("PUT", "/api/v1/namespaces/default/persistentvolumeclaims/a/status", claim, put);
  assert.equal(other.status, 404);
});

test("a name that the server makes up is not known to what changes the object", async () => {
  const { ask } = await startServer();
  const pod = { metadata: { generateName: "made-" }, spec: { containers: [{ name: "a", image: "a" }] } };
  const { body } = await ask("POST", "/api/v1/namespaces/default/pods", pod, put);
  assert.match(String(body.message), /^pods "made-" is forbidden: error looking up service account/);
});

test("what is created names no version, but may say nonsense of it", async () => {
  const { ask } = await startServer();
  const create = async (resourceVersion: string) => {
    const map = { metadata: { name: `a${resourceVersion.length}`, resourceVersion } };
    return (await ask("POST", "/api/v1/namespaces/default/configmaps", map, put)).status;
  };
  assert.deepEqual(
    await Promise.all(["5", "x1", "000", "99999999999999999999"].map(create)),
    [500, 201, 201, 201],
  );
});
