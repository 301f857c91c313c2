import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, GraphEdge, GraphNode } from "@slipway/graph";
import { createMapper, identify, type KubernetesObject, objectKey } from "@slipway/kubernetes";
import { createFakeCluster, type FakeCluster, refusal } from "../test/fake-cluster.ts";
import { createTestClock } from "../test/test-clock.ts";
import { type DeployOptions, deploy } from "./deploy.ts";

const make = (apiVersion: string, kind: string, name: string, rest: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "n" },
  ...rest,
});
const configuration: KubernetesObject = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "hooks" },
  webhooks: [{ name: "hook.io", clientConfig: { service: { namespace: "n", name: "hook" } } }],
};
const admitted = make("v1", "ConfigMap", "admitted");
const slice = make("discovery.k8s.io/v1", "EndpointSlice", "hook-1", {
  metadata: { name: "hook-1", namespace: "n", labels: { "kubernetes.io/service-name": "hook" } },
  endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: true } }],
});

const objectNode = (object: KubernetesObject): GraphNode => ({
  type: "object",
  key: objectKey(identify(object)),
  id: identify(object),
  object,
});
const webhook: GraphNode = {
  type: "webhook",
  key: "webhook:hook",
  configuration: identify(configuration),
  webhook: "hook.io",
  service: { namespace: "n", name: "hook", port: 443 },
};
const waits = (
  from: GraphNode,
  to: GraphNode,
  kind: GraphEdge["kind"],
  until: GraphEdge["until"],
): GraphEdge => ({
  from: from.key,
  to: to.key,
  kind,
  until,
  rule: "test",
  reason: "",
});

function graphOf(nodes: GraphNode[], edges: GraphEdge[]): Graph {
  return {
    nodes: new Map(nodes.map((node) => [node.key, node])),
    edges,
    dropped: [],
    exempted: [],
    missing: [],
  };
}

async function run(graph: Graph, setUp: (cluster: FakeCluster, clock: DeployOptions["clock"]) => void) {
  const cluster = createFakeCluster();
  const clock = createTestClock();
  setUp(cluster, clock);
  const summary = await deploy({
    graph,
    client: cluster.client,
    mapper: createMapper(),
    clock,
    release: "r",
    cluster: "c",
    run: "1",
    emit: () => {},
  });
  return { cluster, summary };
}

const inOrder = graphOf(
  [objectNode(configuration), objectNode(admitted), webhook],
  [
    waits(webhook, objectNode(configuration), "hard", "exists"),
    waits(objectNode(admitted), webhook, "webhook", "ready"),
  ],
);

/** Gives the configuration its CA. */
function inject(cluster: FakeCluster): void {
  const stored = cluster.find("ValidatingWebhookConfiguration", { name: "hooks" });
  if (!stored) return;
  const clientConfig = { service: { namespace: "n", name: "hook" }, caBundle: "Q0E=" };
  cluster.put({ ...stored, webhooks: [{ name: "hook.io", clientConfig }] });
}

test("an object waits until its webhook has an endpoint and a CA and answers a dry run", async () => {
  const { cluster, summary } = await run(inOrder, (fake, clock) => {
    let ready = false;
    clock.schedule(5_000, () => fake.put(slice));
    clock.schedule(9_000, () => inject(fake));
    clock.schedule(10_000, () => {
      ready = true;
    });
    fake.onWrite((object) => {
      if (object.metadata.name !== "admitted" || ready) return;
      throw refusal(500, 'failed calling webhook "hook.io": connection refused');
    });
  });
  const writes = cluster.writes.filter((write) => write.name === "ConfigMap/admitted");
  // Asked at 9 s, 9.5 s and 10.5 s; only then written, and not refused once.
  assert.deepEqual(
    writes.map((write) => write.dryRun),
    [true, true, true, false],
  );
  assert.deepEqual([summary.counts.ready, summary.refused, summary.durationMs], [2, 0, 10_500]);
});

test("a webhook that never gets its CA fails, and what it admits is skipped", async () => {
  const { summary } = await run(inOrder, (fake) => fake.put(slice));
  assert.deepEqual(summary.errors.map((problem) => problem.code).sort(), [
    "deploy/timeout",
    "deploy/webhook-timeout",
  ]);
  assert.match(summary.errors[0]?.message ?? "", /its caBundle is not set yet/);
  assert.equal(summary.counts.skipped, 1);
});

test("a workload's pods are asked for too", async () => {
  const workload = make("apps/v1", "Deployment", "admitted", {
    spec: { template: { metadata: { labels: { app: "a" } }, spec: { containers: [] } } },
    status: { replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1 },
  });
  const graph = graphOf(
    [objectNode(configuration), objectNode(workload), webhook],
    [
      waits(webhook, objectNode(configuration), "hard", "exists"),
      waits(objectNode(workload), webhook, "webhook", "ready"),
    ],
  );
  const { cluster } = await run(graph, (fake, clock) => {
    clock.schedule(1, () => fake.put(slice));
    clock.schedule(2, () => inject(fake));
    fake.onWrite((object, { dryRun }) => {
      if (object.kind !== "Deployment" || dryRun) return;
      clock.schedule(1, () => {
        const stored = fake.find("Deployment", object.metadata);
        const conditions = [{ type: "Available", status: "True" }];
        if (stored) fake.put({ ...stored, status: { ...(workload.status as object), conditions } });
      });
    });
  });
  const names = cluster.writes.map((write) => `${write.verb} ${write.name} ${write.dryRun}`);
  assert.deepEqual(names.slice(-3), [
    "apply Deployment/admitted true",
    "create Pod/admitted-probe true",
    "apply Deployment/admitted false",
  ]);
});

test("a webhook that nobody needs holds nothing up", async () => {
  const graph = graphOf(
    [objectNode(configuration), webhook],
    [waits(webhook, objectNode(configuration), "hard", "exists")],
  );
  const { summary, cluster } = await run(graph, (fake, clock) => {
    clock.schedule(1, () => fake.put(slice));
    clock.schedule(2, () => inject(fake));
  });
  assert.deepEqual([summary.errors, summary.counts.ready], [[], 1]);
  assert.equal(
    cluster.writes.some((write) => write.dryRun),
    false,
  );
});

test("what a controller makes is waited for by a watch, and named when it never comes", async () => {
  const made: GraphNode = {
    type: "created",
    key: "created:secret",
    id: { group: "", kind: "Secret", namespace: "n", name: "made" },
    by: objectNode(configuration).key,
  };
  const graph = graphOf([objectNode(admitted), made], [waits(objectNode(admitted), made, "hard", "exists")]);
  const good = await run(graph, (fake, clock) =>
    clock.schedule(3_000, () => fake.put(make("v1", "Secret", "made"))),
  );
  assert.deepEqual([good.summary.counts.ready, good.summary.durationMs], [1, 3_000]);
  const never = await run(graph, () => {});
  assert.deepEqual(
    never.summary.errors.map((problem) => problem.code),
    ["deploy/not-created"],
  );
  assert.equal(never.summary.counts.skipped, 1);
});
