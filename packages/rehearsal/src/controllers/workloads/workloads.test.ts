import assert from "node:assert/strict";
import { test } from "node:test";
import { at, conditionText, podTemplate, startTestCluster } from "../test-cluster.ts";

const claimTemplate = {
  metadata: { name: "data" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

function statefulSet(spec = {}) {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db", namespace: "default" },
    spec: {
      replicas: 3,
      serviceName: "db",
      selector: { matchLabels: { app: "db" } },
      template: podTemplate("db"),
      ...spec,
    },
  };
}

test("a StatefulSet starts its pods one after the other, each with its own claim", async (t) => {
  const { clock, create, read, list } = await startTestCluster(t);
  await create(statefulSet({ volumeClaimTemplates: [claimTemplate] }));
  await clock.sleep(120_000);
  const pods = await list("Pod", "default");
  assert.deepEqual(
    pods.map(({ metadata }) => metadata.name),
    ["db-0", "db-1", "db-2"],
  );
  const created = pods.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ""));
  const ready = pods.map((pod) => {
    const conditions = at(pod, "status", "conditions") as { type: string; lastTransitionTime: string }[];
    return Date.parse(conditions.find(({ type }) => type === "Ready")?.lastTransitionTime ?? "");
  });
  assert.ok((created[1] ?? 0) >= (ready[0] ?? Number.NaN), "db-1 came before db-0 was ready");
  assert.ok((created[2] ?? 0) >= (ready[1] ?? Number.NaN), "db-2 came before db-1 was ready");
  const claims = await list("PersistentVolumeClaim", "default");
  assert.deepEqual(
    claims.map((claim) => `${claim.metadata.name} ${at(claim, "status", "phase")}`),
    ["data-db-0 Bound", "data-db-1 Bound", "data-db-2 Bound"],
  );
  assert.equal(at(pods[1], "spec", "hostname"), "db-1");
  assert.equal(at(pods[1], "spec", "subdomain"), "db");
  assert.equal(pods[1]?.metadata.labels?.["apps.kubernetes.io/pod-index"], "1");
  const set = await read("StatefulSet", "default/db");
  const [revision] = await list("ControllerRevision", "default");
  assert.deepEqual(at(set, "status"), {
    observedGeneration: 1,
    replicas: 3,
    readyReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    currentRevision: revision?.metadata.name,
    updateRevision: revision?.metadata.name,
    collisionCount: 0,
    availableReplicas: 3,
  });
});

test("a StatefulSet rolls from the last pod to the partition, and shrinks from the end", async (t) => {
  const { clock, create, merge, list } = await startTestCluster(t);
  await create(statefulSet());
  await clock.sleep(120_000);
  await merge("StatefulSet", "default/db", {
    spec: {
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } },
      template: { spec: { containers: [{ name: "db", image: "registry.example/db:2" }] } },
    },
  });
  await clock.sleep(120_000);
  const images = async () =>
    (await list("Pod", "default")).map((pod) => String(at(pod, "spec", "containers", 0, "image")));
  assert.deepEqual(await images(), [
    "registry.example/db:1",
    "registry.example/db:2",
    "registry.example/db:2",
  ]);
  await merge("StatefulSet", "default/db", { spec: { replicas: 1 } });
  await clock.sleep(60_000);
  assert.deepEqual(await images(), ["registry.example/db:1"]);
});

test("a DaemonSet runs on every node that fits, tolerating what daemons tolerate", async (t) => {
  const { clock, create, merge, read, list } = await startTestCluster(t);
  const spec = { selector: { matchLabels: { app: "cni" } }, template: podTemplate("cni") };
  await create({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "cni", namespace: "kube-system" },
    spec,
  });
  await clock.sleep(30_000);
  const pods = await list("Pod", "kube-system");
  assert.deepEqual(pods.map((pod) => at(pod, "spec", "nodeName")).sort(), ["node-1", "node-2", "node-3"]);
  assert.deepEqual(at(await read("DaemonSet", "kube-system/cni"), "status"), {
    currentNumberScheduled: 3,
    numberMisscheduled: 0,
    desiredNumberScheduled: 3,
    numberReady: 3,
    observedGeneration: 1,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
  });
  await merge("Node", "node-2", { spec: { taints: [{ key: "gpu", effect: "NoSchedule" }] } });
  await clock.sleep(30_000);
  const left = await list("Pod", "kube-system");
  assert.deepEqual(left.map((pod) => at(pod, "spec", "nodeName")).sort(), ["node-1", "node-3"]);
});

function job(spec = {}) {
  const template = podTemplate("task", { restartPolicy: "Never" });
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "task", namespace: "default" },
    spec: { completions: 3, parallelism: 2, template, ...spec },
  };
}

test("a Job runs until its completions are reached, and says first that they are", async (t) => {
  const { clock, cluster, create, read, list } = await startTestCluster(t);
  await create(job());
  await clock.sleep(60_000);
  const done = await read("Job", "default/task");
  assert.equal(conditionText(done, "SuccessCriteriaMet"), "True: CompletionsReached");
  assert.equal(conditionText(done, "Complete"), "True: CompletionsReached");
  assert.equal(at(done, "status", "succeeded"), 3);
  assert.equal(at(done, "status", "active"), undefined);
  const pods = await list("Pod", "default");
  assert.deepEqual(
    pods.map((pod) => at(pod, "status", "phase")),
    ["Succeeded", "Succeeded", "Succeeded"],
  );
  const writes = cluster.audit.filter(
    ({ resource, subresource, verb }) => resource === "jobs" && subresource === "status" && verb === "update",
  );
  assert.ok(writes.length >= 3);
});

test("a finished Job goes after its time to live, with its pods", async (t) => {
  const { clock, create, find, list } = await startTestCluster(t);
  await create(job({ ttlSecondsAfterFinished: 100 }));
  await clock.sleep(90_000);
  assert.ok(await find("Job", "default/task"));
  await clock.sleep(60_000);
  assert.equal(await find("Job", "default/task"), undefined);
  assert.deepEqual(await list("Pod", "default"), []);
});

test("an indexed Job runs each index once", async (t) => {
  const { clock, create, read, list } = await startTestCluster(t);
  await create(job({ completionMode: "Indexed" }));
  await clock.sleep(60_000);
  assert.equal(at(await read("Job", "default/task"), "status", "completedIndexes"), "0-2");
  const indexes = (await list("Pod", "default")).map(
    ({ metadata }) => metadata.annotations?.["batch.kubernetes.io/job-completion-index"],
  );
  assert.deepEqual(indexes.sort(), ["0", "1", "2"]);
});

test("a suspended Job starts nothing until it is resumed", async (t) => {
  const { clock, create, merge, read, list } = await startTestCluster(t);
  await create(job({ suspend: true }));
  await clock.sleep(30_000);
  assert.deepEqual(await list("Pod", "default"), []);
  assert.equal(conditionText(await read("Job", "default/task"), "Suspended"), "True: JobSuspended");
  await merge("Job", "default/task", { spec: { suspend: false } });
  await clock.sleep(60_000);
  assert.equal(conditionText(await read("Job", "default/task"), "Complete"), "True: CompletionsReached");
});

test("a Job past its deadline fails with the pods that it cuts off", async (t) => {
  const { clock, create, read, list, events } = await startTestCluster(t);
  const template = podTemplate("task", { restartPolicy: "Never", nodeSelector: { absent: "true" } });
  await create(job({ activeDeadlineSeconds: 20, template }));
  await clock.sleep(60_000);
  const failed = await read("Job", "default/task");
  assert.equal(conditionText(failed, "Failed"), "True: DeadlineExceeded");
  assert.equal(at(failed, "status", "failed"), 2);
  assert.deepEqual(await list("Pod", "default"), []);
  assert.ok(
    (await events("task")).includes("DeadlineExceeded: Job was active longer than specified deadline"),
  );
});

test("a CronJob starts Jobs on time and keeps the last three", async (t) => {
  const { clock, create, read, list } = await startTestCluster(t);
  const template = podTemplate("tick", { restartPolicy: "Never" });
  await create({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "tick", namespace: "default" },
    spec: { schedule: "*/10 * * * *", jobTemplate: { spec: { template } } },
  });
  await clock.sleep(9 * 60_000);
  assert.deepEqual(await list("Job", "default"), []);
  await clock.sleep(2 * 60_000);
  assert.equal((await list("Job", "default")).length, 1);
  await clock.sleep(60 * 60_000);
  assert.equal((await list("Job", "default")).length, 3);
  assert.equal(
    at(await read("CronJob", "default/tick"), "status", "lastScheduleTime"),
    "2026-01-01T01:10:00Z",
  );
});
