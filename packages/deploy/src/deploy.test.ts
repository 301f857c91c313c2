import assert from "node:assert/strict";
import { test } from "node:test";
import { inferGraph } from "@slipway/graph";
import { createMapper, type KubernetesObject } from "@slipway/kubernetes";
import { ProblemError } from "@slipway/yaml";
import { createFakeCluster, type FakeCluster, refusal } from "../test/fake-cluster.ts";
import { createTestClock } from "../test/test-clock.ts";
import { type DeployOptions, deploy } from "./deploy.ts";
import type { DeployEvent } from "./events.ts";
import { membershipLabel, membershipOf } from "./membership.ts";

const object = (apiVersion: string, kind: string, name: string, rest: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(kind === "Namespace" ? {} : { namespace: "shop" }) },
  ...rest,
});
const namespace = object("v1", "Namespace", "shop");
const config = object("v1", "ConfigMap", "config", { data: { a: "b" } });
const deployment = (name: string, volumes: object[] = []) =>
  object("apps/v1", "Deployment", name, {
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { serviceAccountName: "runner", containers: [{ name: "c", image: "i" }], volumes },
      },
    },
  });
const runner = object("v1", "ServiceAccount", "runner");
const mountsConfig = { name: "v", configMap: { name: "config" } };
const available = {
  status: {
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
    conditions: [{ type: "Available", status: "True" }],
  },
};

/** Makes Deployments available some time after they were written. */
function rollOut(cluster: FakeCluster, clock: DeployOptions["clock"], ms = 1_000): void {
  cluster.onWrite((written, { verb, dryRun }) => {
    if (written.kind !== "Deployment" || verb !== "apply" || dryRun) return;
    clock.schedule(ms, () => {
      const stored = cluster.find("Deployment", written.metadata);
      if (stored) cluster.put({ ...stored, ...available });
    });
  });
}

async function run(
  objects: KubernetesObject[],
  setUp: (cluster: FakeCluster, clock: DeployOptions["clock"]) => void,
  more: Partial<DeployOptions> = {},
) {
  const cluster = createFakeCluster();
  const clock = createTestClock();
  const events: DeployEvent[] = [];
  setUp(cluster, clock);
  const summary = await deploy({
    graph: inferGraph(objects.map((entry) => ({ object: entry }))),
    client: cluster.client,
    mapper: createMapper({ crds: objects }),
    clock,
    release: "test",
    cluster: "fake",
    run: "1",
    emit: (event) => events.push(event),
    ...more,
  });
  return { cluster, events, summary };
}

/** The states that an object went through. */
function statesOf(events: readonly DeployEvent[], node: string): string[] {
  const states = events.flatMap((event) =>
    event.type === "state" && event.node.includes(node) ? [event.state] : [],
  );
  return states.filter((state, index) => state !== states[index - 1]);
}

test("objects are written when what they need is there, and followed until they are ready", async () => {
  const { cluster, events, summary } = await run(
    [deployment("web", [mountsConfig]), config, runner, namespace],
    rollOut,
  );
  const accepted = cluster.accepted();
  assert.equal(accepted[0], "ConfigMap/slipway");
  assert.equal(accepted[1], "Namespace/shop");
  assert.equal(accepted.at(-1), "Deployment/web");
  assert.deepEqual(statesOf(events, "Deployment:shop/web"), ["waiting", "applying", "applied", "ready"]);
  assert.deepEqual(summary.counts, { waiting: 0, applying: 0, applied: 0, ready: 4, failed: 0, skipped: 0 });
  assert.deepEqual([summary.writes, summary.refused, summary.retries, summary.errors], [4, 0, 0, []]);
  assert.equal(summary.durationMs, 1_000);
  assert.deepEqual(summary.slowestPath, [{ node: "apps/Deployment:shop/web", startMs: 0, readyMs: 1_000 }]);
  assert.equal(events[0]?.type, "started");
  assert.equal(events.at(-1)?.type, "finished");
});

test("every object carries the membership label, and the parent names their kinds", async () => {
  const { cluster } = await run([namespace, config, runner], () => {});
  const { id } = membershipOf();
  for (const kind of ["Namespace", "ConfigMap", "ServiceAccount"]) {
    const name = { Namespace: "shop", ConfigMap: "config", ServiceAccount: "runner" }[kind] ?? "";
    const found = cluster.find(kind, kind === "Namespace" ? { name } : { name, namespace: "shop" });
    assert.equal(found?.metadata.labels?.[membershipLabel], id, kind);
  }
  const parent = cluster.find("ConfigMap", { name: "slipway", namespace: "default" });
  assert.equal(
    parent?.metadata.annotations?.["applyset.kubernetes.io/contains-group-kinds"],
    "ConfigMap,Namespace,ServiceAccount",
  );
  assert.equal(parent?.metadata.annotations?.["applyset.kubernetes.io/additional-namespaces"], "shop");
});

test("a record that another tool wrote is not touched", async () => {
  const foreign = object("v1", "ConfigMap", "slipway", { data: {} });
  const setUp = (cluster: FakeCluster) =>
    cluster.put({ ...foreign, metadata: { ...foreign.metadata, namespace: "default" } });
  await assert.rejects(run([namespace], setUp), (error: ProblemError) => {
    assert.equal(error.problem.code, "deploy/foreign-set");
    return true;
  });
});

test("errors that pass are tried again; the server's own pause is kept", async () => {
  let refused = 0;
  const { events, summary } = await run([namespace], (cluster) =>
    cluster.onWrite((written) => {
      if (written.kind !== "Namespace") return;
      refused += 1;
      if (refused === 1) throw refusal(429, "slow down", "TooManyRequests", { retryAfterSeconds: 7 });
      if (refused === 2) throw refusal(500, "etcdserver: leader changed");
    }),
  );
  const retries = events.filter((event) => event.type === "retry");
  assert.deepEqual(
    retries.map((event) => event.inMs),
    [7_000, 750],
  );
  assert.deepEqual([summary.counts.ready, summary.refused, summary.retries, summary.writes], [1, 2, 2, 3]);
});

test("a final error fails the object, skips what needs it, and the rest goes on", async () => {
  const { cluster, events, summary } = await run(
    [
      namespace,
      config,
      runner,
      deployment("web", [mountsConfig]),
      deployment("other"),
      object("v1", "Service", "s"),
    ],
    (fake, clock) => {
      rollOut(fake, clock);
      fake.onWrite((written) => {
        if (written.metadata.name === "config") throw refusal(422, "ConfigMap is invalid", "Invalid");
        if (written.kind === "Service") throw refusal(403, "not allowed", "Forbidden");
      });
    },
  );
  assert.deepEqual(summary.errors.map((problem) => [problem.object, problem.code]).sort(), [
    ["ConfigMap/shop/config", "deploy/invalid"],
    ["Service/shop/s", "deploy/forbidden"],
  ]);
  assert.equal(cluster.accepted().includes("Deployment/web"), false);
  assert.equal(cluster.accepted().includes("Deployment/other"), true);
  assert.deepEqual([summary.counts.failed, summary.counts.skipped, summary.counts.ready], [2, 1, 3]);
  const skipped = events.find((event) => event.type === "state" && event.state === "skipped");
  assert.match(
    (skipped?.type === "state" && skipped.message) || "",
    /needs ConfigMap\/shop\/config, which failed/,
  );
  const last = events.at(-1);
  assert.equal(last?.type === "finished" && last.outcome, "failed");
});

test("what is not ready in time fails, with what it said last", async () => {
  const { summary, events } = await run([namespace, runner, deployment("web")], () => {}, {
    timeouts: { kinds: { Deployment: 40_000 } },
  });
  assert.deepEqual(
    summary.errors.map((problem) => [problem.code, problem.message]),
    [["deploy/timeout", "Deployment/shop/web is not ready after 40 s: 0 of 1 replicas exist"]],
  );
  const beats = events.filter((event) => event.type === "heartbeat");
  assert.deepEqual(
    beats.map((event) => [event.at, event.ready, event.total, event.waitingFor[0]?.message]),
    [
      [15_000, 2, 3, "0 of 1 replicas exist"],
      [30_000, 2, 3, "0 of 1 replicas exist"],
    ],
  );
});

test("a workload that does not get there is reported with what its pods say", async () => {
  const pod = object("v1", "Pod", "web-1", {
    metadata: { name: "web-1", namespace: "shop", labels: { app: "web" } },
    status: {
      phase: "Pending",
      containerStatuses: [
        { name: "c", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
      ],
    },
  });
  const { summary } = await run([namespace, runner, deployment("web")], (cluster) => cluster.put(pod));
  assert.match(
    summary.errors[0]?.message ?? "",
    /not ready after 10 min: 0 of 1 replicas exist; pod web-1: container c waits: ImagePullBackOff \(no such image\)$/,
  );
});

test("a failure must hold for a while before it counts", async () => {
  const failing = {
    status: { conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }] },
  };
  const { summary } = await run(
    [namespace, runner, deployment("web"), deployment("doomed")],
    (cluster, clock) =>
      cluster.onWrite((written) => {
        if (written.kind !== "Deployment") return;
        const put = (status: object) => {
          const stored = cluster.find("Deployment", written.metadata);
          if (stored) cluster.put({ ...stored, ...status });
        };
        clock.schedule(1_000, () => put(failing));
        if (written.metadata.name === "web") clock.schedule(5_000, () => put(available));
      }),
  );
  assert.deepEqual(
    summary.errors.map((problem) => [problem.object, problem.code]),
    [["Deployment/shop/doomed", "deploy/failed"]],
  );
  assert.equal(summary.durationMs, 11_000);
});

test("stopping lets writes under way finish, begins nothing new, and says where things stand", async () => {
  const stopping = new AbortController();
  const { cluster, events, summary } = await run(
    [namespace, config, runner, deployment("web", [mountsConfig])],
    (fake) =>
      fake.onWrite((written) => {
        if (written.metadata.name === "config") stopping.abort(new Error("Ctrl-C"));
      }),
    { signal: stopping.signal },
  );
  assert.ok(cluster.accepted().includes("ConfigMap/config"));
  assert.equal(cluster.accepted().includes("Deployment/web"), false);
  const stop = events.find((event) => event.type === "stopping");
  assert.equal(stop?.type === "stopping" && stop.reason, "Ctrl-C");
  const last = events.at(-1);
  assert.equal(last?.type === "finished" && last.outcome, "stopped");
  assert.equal(summary.counts.skipped, 1);
});

test("an event that cannot be taken stops the run before the write that it announces", async () => {
  const broken = new ProblemError({ code: "journal/full", message: "no space left" });
  const cluster = createFakeCluster();
  const objects = [namespace, config];
  const attempt = deploy({
    graph: inferGraph(objects.map((entry) => ({ object: entry }))),
    client: cluster.client,
    mapper: createMapper(),
    clock: createTestClock(),
    release: "test",
    cluster: "fake",
    run: "1",
    emit: (event) => {
      if (event.type === "state" && event.state === "applying" && event.node.includes("config")) throw broken;
    },
  });
  await assert.rejects(attempt, broken);
  assert.deepEqual(cluster.accepted(), ["ConfigMap/slipway", "Namespace/shop"]);
});

test("what is still being deleted is waited for and made anew, before anything goes into it", async () => {
  const { cluster, summary } = await run([namespace, config], (fake, clock) => {
    fake.put({ ...namespace, metadata: { name: "shop", deletionTimestamp: "2026-01-01T00:00:00Z" } });
    clock.schedule(9_000, () => fake.remove("Namespace", { name: "shop" }));
  });
  assert.deepEqual(cluster.accepted().slice(1), ["Namespace/shop", "Namespace/shop", "ConfigMap/config"]);
  assert.deepEqual([summary.errors, summary.durationMs, summary.counts.ready], [[], 9_000, 2]);
});

test("a field that a controller changed is left to it", async () => {
  let refused = false;
  const { cluster, summary } = await run([namespace, config], (fake) =>
    fake.onWrite((written) => {
      if (written.metadata.name !== "config" || refused) return;
      refused = true;
      const message = 'conflict with "controller" using v1';
      const causes = [{ reason: "FieldManagerConflict", field: ".data.a", message }];
      throw refusal(409, "Apply failed with 1 conflict", "Conflict", { causes });
    }),
  );
  assert.deepEqual(cluster.find("ConfigMap", config.metadata)?.data, {});
  assert.deepEqual(summary.errors, []);
  assert.deepEqual(summary.warnings, ["ConfigMap/shop/config: .data.a is left as controller set it"]);
});

test("a kind that nobody serves is refused before anything is written", async () => {
  const cluster = createFakeCluster();
  const widget = object("e.com/v1", "Widget", "w");
  const attempt = deploy({
    graph: inferGraph([{ object: widget }], { known: () => true }),
    client: cluster.client,
    mapper: createMapper(),
    clock: createTestClock(),
    release: "test",
    cluster: "fake",
    run: "1",
    emit: () => {},
  });
  await assert.rejects(attempt, { name: "ProblemError", message: /nothing serves Widget/ });
  assert.deepEqual(cluster.writes, []);
});
