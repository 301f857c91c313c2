import assert from "node:assert/strict";
import { test } from "node:test";
import { createMapper, type KubernetesObject } from "@slipway/kubernetes";
import { createFakeCluster, type FakeCluster } from "../test/fake-cluster.ts";
import { createTestClock } from "../test/test-clock.ts";
import { membershipLabel, membershipOf, recordMembership } from "./membership.ts";
import { keepAnnotation, type RemoveEvent, remove } from "./remove.ts";

const { id } = membershipOf();
const member = (
  apiVersion: string,
  kind: string,
  name: string,
  metadata: object = {},
  rest: object = {},
): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, labels: { [membershipLabel]: id }, ...metadata },
  ...rest,
});
const inside = { namespace: "shop" };
const definition = member(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  "widgets.e.com",
  {},
  {
    spec: {
      group: "e.com",
      scope: "Cluster",
      names: { plural: "widgets", kind: "Widget" },
      versions: [{ name: "v1", served: true }],
    },
  },
);
const objects = [
  member("v1", "Namespace", "shop"),
  definition,
  member("e.com/v1", "Widget", "w"),
  member("apps/v1", "Deployment", "web", inside),
  member("v1", "Service", "web", inside),
  member("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "hooks"),
];

async function setUp(setUpMore: (cluster: FakeCluster) => void = () => {}) {
  const cluster = createFakeCluster();
  const ids = objects.map(({ apiVersion, kind }) => ({
    group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
    kind,
  }));
  await recordMembership({ client: cluster.client, membership: membershipOf(), objects: ids, release: "r" });
  for (const object of objects) cluster.put(object);
  cluster.put({ apiVersion: "v1", kind: "Service", metadata: { name: "foreign", namespace: "shop" } });
  setUpMore(cluster);
  const events: RemoveEvent[] = [];
  const clock = createTestClock();
  const mapper = createMapper({ crds: objects });
  const go = () => remove({ client: cluster.client, mapper, clock, emit: (event) => events.push(event) });
  return { cluster, events, clock, go };
}

const deletions = (cluster: FakeCluster) =>
  cluster.writes.flatMap((write) => (write.verb === "delete" ? [write.name] : []));

test("everything goes in reverse, the record last, and nothing else", async () => {
  const { cluster, go } = await setUp();
  const summary = await go();
  assert.deepEqual(deletions(cluster), [
    "Widget/w",
    "ValidatingWebhookConfiguration/hooks",
    "Deployment/web",
    "Service/web",
    "CustomResourceDefinition/widgets.e.com",
    "Namespace/shop",
    "ConfigMap/slipway",
  ]);
  assert.deepEqual([summary.deleted, summary.kept, summary.errors], [6, 0, []]);
  assert.ok(cluster.find("Service", { name: "foreign", namespace: "shop" }));
});

test("a step waits until the one before is gone", async () => {
  const { cluster, clock, go, events } = await setUp((fake) => {
    fake.put(member("e.com/v1", "Widget", "w", { finalizers: ["e.com/clean"] }));
  });
  clock.schedule(5_000, () => cluster.remove("Widget", { name: "w" }));
  const summary = await go();
  assert.equal(summary.durationMs, 5_000);
  const waiting = events.find((event) => event.type === "waiting");
  assert.equal(waiting?.type === "waiting" && waiting.message, "held by the finalizers e.com/clean");
});

test("what does not go is an error that says what holds it, and later steps are not begun", async () => {
  const { cluster, go } = await setUp((fake) => {
    fake.put(member("e.com/v1", "Widget", "w", { finalizers: ["e.com/clean"] }));
  });
  const summary = await go();
  assert.deepEqual(
    summary.errors.map((problem) => problem.message),
    ["Widget/w is not gone after 2 min: held by the finalizers e.com/clean"],
  );
  assert.deepEqual(deletions(cluster), ["Widget/w"]);
});

test("a definition with objects of others, and what is marked, are kept; so is the record", async () => {
  const { cluster, go, events } = await setUp((fake) => {
    fake.put({ apiVersion: "e.com/v1", kind: "Widget", metadata: { name: "theirs" } });
    fake.put(member("v1", "Service", "web", { ...inside, annotations: { [keepAnnotation]: "true" } }));
  });
  const summary = await go();
  assert.equal(summary.kept, 2);
  const reasons = events.flatMap((event) => (event.type === "kept" ? [event.reason] : []));
  assert.match(reasons.join("\n"), /1 object of this kind are not Slipway's, for instance Widget\/theirs/);
  assert.ok(cluster.find("ConfigMap", { name: "slipway", namespace: "default" }));
  assert.ok(cluster.find("CustomResourceDefinition", { name: "widgets.e.com" }));
});

test("without a record there is nothing to remove", async () => {
  const cluster = createFakeCluster();
  const summary = await remove({
    client: cluster.client,
    mapper: createMapper(),
    clock: createTestClock(),
    emit: () => {},
  });
  assert.deepEqual([summary.deleted, cluster.writes], [0, []]);
});
