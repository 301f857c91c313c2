import assert from "node:assert/strict";
import { test } from "node:test";
import { createMapper } from "@slipway/kubernetes";
import { createFakeCluster } from "../test/fake-cluster.ts";
import { listForeignObjects } from "./foreign-objects.ts";
import { membershipLabel, membershipOf } from "./membership.ts";

const membership = membershipOf();
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.e.com" },
  spec: {
    group: "e.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget" },
    versions: [{ name: "v1", served: true }],
  },
};

test("what goes with its namespace is nobody's object in the way; the rest is", async () => {
  const cluster = createFakeCluster();
  cluster.put(definition);
  const type = createMapper({ crds: [definition] }).find("e.com", "Widget");
  assert.ok(type);
  const namespaces = {
    theirs: {},
    ours: { labels: { [membershipLabel]: membership.id } },
    tenant: { ownerReferences: [{ apiVersion: "e.com/v1", kind: "Profile", name: "p", uid: "profile-uid" }] },
    ending: { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["kubernetes"] },
  };
  for (const [name, metadata] of Object.entries(namespaces)) {
    cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name, ...metadata } });
    cluster.put({ apiVersion: "e.com/v1", kind: "Widget", metadata: { name: "w", namespace: name } });
  }
  const memberUids = new Set(["profile-uid"]);
  const foreign = await listForeignObjects({ client: cluster.client, type, membership, memberUids });
  assert.deepEqual(
    foreign.map(({ metadata }) => metadata.namespace),
    ["theirs"],
  );
});
