import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { at, conditionText, startTestCluster } from "../controllers/test-cluster.ts";
import { defaultTimeModel, podReadyMs } from "./time-model.ts";

function pod(name: string, spec: object = {}, container: object = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "main", image: "registry.example/main:1", ...container }], ...spec },
  };
}

const object = (kind: string, name: string, data: { [key: string]: string } = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "default" },
  data,
});

const waitingReason = (found: KubernetesObject) =>
  at(found, "status", "containerStatuses", 0, "state", "waiting", "reason");

test("a pod's time is that of its slowest image, scaled", () => {
  const images = (...names: string[]) => names.map((image) => ({ image }));
  const dex = podReadyMs({ containers: images("ghcr.io/dexidp/dex:v2.45.0") });
  assert.equal(dex, 4431);
  const both = podReadyMs({ containers: images("a"), initContainers: images("b") });
  assert.equal(
    both,
    Math.max(podReadyMs({ containers: images("a") }), podReadyMs({ containers: images("b") })),
  );
  assert.equal(podReadyMs({ containers: images("a") }, { ...defaultTimeModel, scale: 0 }), 0);
  for (let n = 0; n < 200; n += 1) {
    const ms = podReadyMs({ containers: images(`image-${n}`) });
    assert.ok(ms >= 3_000 && ms <= 12_000);
  }
});

test("a pod goes from pending through running to ready at the modelled times", async (t) => {
  const { clock, create, read, events } = await startTestCluster(t);
  const spec = pod("web", {}, { readinessProbe: { httpGet: { path: "/", port: 80 } } });
  await clock.sleep(1_000);
  await create(spec);
  const ready = podReadyMs({ containers: [{ image: "registry.example/main:1" }] });
  const stages: string[] = [];
  for (const share of [0.1, 0.7, 0.8, 0.99, 1.01]) {
    const started = Date.UTC(2026, 0, 1) + 1_000;
    await clock.sleep(started + ready * share - clock.now());
    const now = await read("Pod", "default/web");
    stages.push(`${at(now, "status", "phase")} ${conditionText(now, "Ready")}`);
  }
  assert.deepEqual(stages, [
    "Pending False: ContainersNotReady",
    "Pending False: ContainersNotReady",
    "Running False: ContainersNotReady",
    "Running False: ContainersNotReady",
    "Running True",
  ]);
  const done = await read("Pod", "default/web");
  assert.match(String(at(done, "status", "podIP")), /^10\.244\./);
  assert.match(done.metadata.labels?.["topology.kubernetes.io/zone"] ?? "", /^simulated-[123]$/);
  assert.match(String(at(done, "status", "hostIP")), /^10\.0\.0\.[123]$/);
  const reasons = (await events("web")).map((event) => event.split(":")[0]);
  assert.deepEqual(reasons, ["Scheduled", "Pulling", "Pulled", "Created", "Started"]);
});

test("a pod waits for the Secret that it mounts, says so, and starts when it is there", async (t) => {
  const { clock, create, read, events } = await startTestCluster(t);
  await create(pod("web", { volumes: [{ name: "tls", secret: { secretName: "tls" } }] }));
  await clock.sleep(300_000);
  const waiting = await read("Pod", "default/web");
  assert.equal(at(waiting, "status", "phase"), "Pending");
  assert.equal(waitingReason(waiting), "ContainerCreating");
  assert.ok(
    (await events("web")).includes(
      'FailedMount: MountVolume.SetUp failed for volume "tls" : secret "tls" not found',
    ),
  );
  await create(object("Secret", "tls"));
  const ready = podReadyMs({ containers: [{ image: "registry.example/main:1" }] });
  await clock.sleep(ready - 10);
  assert.equal(conditionText(await read("Pod", "default/web"), "Ready"), "False: ContainersNotReady");
  await clock.sleep(20);
  assert.equal(conditionText(await read("Pod", "default/web"), "Ready"), "True");
});

test("a container whose environment lacks a key cannot be made, and says which", async (t) => {
  const { clock, create, read, merge, events } = await startTestCluster(t);
  const env = [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "login", key: "password" } } }];
  await create(object("Secret", "login"), pod("web", {}, { env }));
  await clock.sleep(10_000);
  const waiting = await read("Pod", "default/web");
  assert.equal(waitingReason(waiting), "CreateContainerConfigError");
  const message = "couldn't find key password in Secret default/login";
  assert.equal(at(waiting, "status", "containerStatuses", 0, "state", "waiting", "message"), message);
  assert.ok((await events("web")).includes(`Failed: Error: ${message}`));
  await merge("Secret", "default/login", { data: { password: "eA==" } });
  await clock.sleep(30_000);
  assert.equal(conditionText(await read("Pod", "default/web"), "Ready"), "True");
});

test("what is optional is not waited for", async (t) => {
  const { clock, create, read } = await startTestCluster(t);
  const volumes = [
    { name: "a", configMap: { name: "absent", optional: true } },
    { name: "b", projected: { sources: [{ secret: { name: "absent", optional: true } }] } },
  ];
  const envFrom = [{ configMapRef: { name: "absent", optional: true } }];
  await create(pod("web", { volumes }, { envFrom }));
  await clock.sleep(30_000);
  assert.equal(conditionText(await read("Pod", "default/web"), "Ready"), "True");
});

test("a pod that fits no node stays unscheduled, with the scheduler's sentence, until one changes", async (t) => {
  const { clock, create, read, merge, events } = await startTestCluster(t);
  await create(pod("gpu", { nodeSelector: { accelerator: "a100" } }));
  await clock.sleep(5_000);
  const text =
    "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
  const waiting = await read("Pod", "default/gpu");
  assert.equal(conditionText(waiting, "PodScheduled"), "False: Unschedulable");
  assert.deepEqual(await events("gpu"), [`FailedScheduling: ${text}`]);
  await merge("Node", "node-2", { metadata: { labels: { accelerator: "a100" } } });
  await clock.sleep(30_000);
  const placed = await read("Pod", "default/gpu");
  assert.equal(at(placed, "spec", "nodeName"), "node-2");
  assert.equal(conditionText(placed, "Ready"), "True");
});

test("a gated pod is scheduled when its gates are gone", async (t) => {
  const { clock, create, read, merge } = await startTestCluster(t);
  await create(pod("web", { schedulingGates: [{ name: "example.com/wait" }] }));
  await clock.sleep(30_000);
  const gated = await read("Pod", "default/web");
  assert.equal(conditionText(gated, "PodScheduled"), "False: SchedulingGated");
  assert.equal(at(gated, "spec", "nodeName"), undefined);
  await merge("Pod", "default/web", { spec: { schedulingGates: null } });
  await clock.sleep(30_000);
  assert.equal(conditionText(await read("Pod", "default/web"), "Ready"), "True");
});

test("a pod waits for a claim that is not there", async (t) => {
  const { clock, create, read } = await startTestCluster(t);
  await create(pod("db", { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] }));
  await clock.sleep(5_000);
  const conditions = at(await read("Pod", "default/db"), "status", "conditions") as { message?: string }[];
  assert.ok(conditions.some(({ message }) => message?.includes('persistentvolumeclaim "data" not found')));
});

test("init containers are done and sidecars run when the pod is ready", async (t) => {
  const { clock, create, read } = await startTestCluster(t);
  const initContainers = [
    { name: "setup", image: "registry.example/setup:1" },
    { name: "proxy", image: "registry.example/proxy:1", restartPolicy: "Always" },
  ];
  await create(pod("web", { initContainers }));
  await clock.sleep(30_000);
  const done = await read("Pod", "default/web");
  assert.equal(at(done, "status", "initContainerStatuses", 0, "state", "terminated", "reason"), "Completed");
  assert.ok(at(done, "status", "initContainerStatuses", 1, "state", "running"));
  assert.equal(conditionText(done, "Initialized"), "True");
});

test("a deleted pod stops and goes", async (t) => {
  const { clock, create, find, remove } = await startTestCluster(t);
  await create(pod("web"));
  await clock.sleep(30_000);
  await remove("Pod", "default/web");
  assert.ok((await find("Pod", "default/web"))?.metadata.deletionTimestamp);
  await clock.sleep(1_500);
  assert.equal(await find("Pod", "default/web"), undefined);
});

test("a pod that never got a node goes at once; the pods of a lost node go after a while", async (t) => {
  const { clock, create, find, remove, read } = await startTestCluster(t);
  await create(pod("nowhere", { nodeSelector: { absent: "true" } }), pod("web"));
  await clock.sleep(30_000);
  await remove("Pod", "default/nowhere");
  await clock.sleep(1_000);
  assert.equal(await find("Pod", "default/nowhere"), undefined);
  await remove("Node", String(at(await read("Pod", "default/web"), "spec", "nodeName")));
  await clock.sleep(30_000);
  assert.ok(await find("Pod", "default/web"));
  await clock.sleep(15_000);
  assert.equal(await find("Pod", "default/web"), undefined);
});

test("pods on nodes that are not simulated are left alone", async (t) => {
  const { clock, create, read, merge } = await startTestCluster(t);
  await merge("Node", "node-1", { metadata: { annotations: { "rehearsal.slipway.dev/simulated": null } } });
  await create(pod("web", { nodeName: "node-1" }));
  await clock.sleep(60_000);
  assert.notEqual(at(await read("Pod", "default/web"), "status", "phase"), "Running");
});
