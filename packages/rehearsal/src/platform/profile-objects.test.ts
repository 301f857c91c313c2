import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { profileObjects, readNamespaceLabels } from "./profile-objects.ts";

const profile: KubernetesObject = {
  apiVersion: "kubeflow.org/v1",
  kind: "Profile",
  metadata: { name: "team-a", uid: "u-1" },
  spec: { owner: { kind: "User", name: "ann@example.com" } },
};

test("a tenant gets accounts, bindings and the owner's access, all owned by the Profile", () => {
  const objects = profileObjects(profile, { USERID_HEADER: "x-user", USERID_PREFIX: "acc:" });
  assert.deepEqual(
    objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`),
    [
      "AuthorizationPolicy/team-a/ns-owner-access-istio",
      "ServiceAccount/team-a/default-editor",
      "RoleBinding/team-a/default-editor",
      "ServiceAccount/team-a/default-viewer",
      "RoleBinding/team-a/default-viewer",
      "RoleBinding/team-a/namespaceAdmin",
    ],
  );
  for (const { metadata } of objects) assert.equal(metadata.ownerReferences?.[0]?.uid, "u-1");
  assert.match(
    JSON.stringify(objects[0]?.spec),
    /"request.headers\[x-user\]","values":\["acc:ann@example.com"\]/,
  );
});

test("a quota is made only where one is asked for", () => {
  const hard = { "requests.cpu": "4" };
  const spec = { ...(profile.spec as object), resourceQuotaSpec: { hard } };
  const quota = profileObjects({ ...profile, spec }, {}).at(-1);
  assert.equal(quota?.metadata.name, "kf-resource-quota");
  assert.deepEqual(quota?.spec, { hard });
});

test("the labels file is read with comments, quotes and empty values", () => {
  const file = [
    "# a comment",
    'katib.kubeflow.org/metrics-collector-injection: "enabled"',
    "plain: yes-it-is # why",
    "istio-injection: ''",
    "",
  ].join("\n");
  assert.deepEqual(readNamespaceLabels(file), {
    "katib.kubeflow.org/metrics-collector-injection": "enabled",
    plain: "yes-it-is",
    "istio-injection": "",
  });
});
