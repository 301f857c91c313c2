import assert from "node:assert/strict";
import { test } from "node:test";
import { podReadyMs } from "../../kubelet/time-model.ts";
import { at, conditionText, deployment, podTemplate, startTestCluster } from "../test-cluster.ts";

test("a Deployment becomes available when its pods are ready, after the modelled time", async (t) => {
  const { clock, create, read, list, events } = await startTestCluster(t);
  const web = deployment("web", { replicas: 3 });
  const started = clock.now();
  await create(web);
  const takes = podReadyMs({ containers: [{ image: "registry.example/web:1" }] });
  await clock.sleep(started + takes - 100 - clock.now());
  const before = await read("Deployment", "default/web");
  assert.equal(conditionText(before, "Available"), "False: MinimumReplicasUnavailable");
  assert.equal(conditionText(before, "Progressing"), "True: ReplicaSetUpdated");
  await clock.sleep(200);
  const after = await read("Deployment", "default/web");
  assert.equal(conditionText(after, "Available"), "True: MinimumReplicasAvailable");
  assert.equal(conditionText(after, "Progressing"), "True: NewReplicaSetAvailable");
  assert.equal(at(after, "status", "readyReplicas"), 3);
  assert.equal(at(after, "status", "observedGeneration"), 1);
  assert.equal(at(after, "metadata", "annotations", "deployment.kubernetes.io/revision"), "1");
  assert.equal((await list("Pod", "default")).length, 3);
  const [set] = await list("ReplicaSet", "default");
  assert.deepEqual(await events("web"), [
    `ScalingReplicaSet: Scaled up replica set ${set?.metadata.name} from 0 to 3`,
  ]);
  const pods = await list("Pod", "default");
  assert.ok(pods.every((pod) => pod.metadata.name.startsWith(`${set?.metadata.name}-`)));
  assert.equal(pods[0]?.metadata.labels?.["pod-template-hash"], set?.metadata.labels?.["pod-template-hash"]);
});

test("a rolling update never has fewer pods available, nor more pods, than its limits allow", async (t) => {
  const { clock, create, merge, read, list, events } = await startTestCluster(t);
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  await create(deployment("web", { replicas: 4, strategy }));
  await clock.sleep(30_000);
  const image = { name: "web", image: "registry.example/web:2" };
  await merge("Deployment", "default/web", { spec: { template: { spec: { containers: [image] } } } });
  let most = 0;
  let fewest = Number.POSITIVE_INFINITY;
  for (let second = 0; second < 120; second += 1) {
    await clock.sleep(1_000);
    const now = await read("Deployment", "default/web");
    most = Math.max(most, Number(at(now, "status", "replicas")));
    fewest = Math.min(fewest, Number(at(now, "status", "availableReplicas")));
  }
  assert.deepEqual({ most, fewest }, { most: 5, fewest: 4 });
  const pods = await list("Pod", "default");
  assert.equal(pods.length, 4);
  assert.ok(pods.every((pod) => at(pod, "spec", "containers", 0, "image") === "registry.example/web:2"));
  const sets = await list("ReplicaSet", "default");
  assert.deepEqual(sets.map((set) => at(set, "spec", "replicas")).sort(), [0, 4]);
  assert.equal((await events("web")).length, 1 + 8);
  const done = await read("Deployment", "default/web");
  assert.equal(conditionText(done, "Progressing"), "True: NewReplicaSetAvailable");
});

test("going back to an earlier template takes its ReplicaSet up again, as a new revision", async (t) => {
  const { clock, create, merge, list } = await startTestCluster(t);
  await create(deployment("web"));
  await clock.sleep(30_000);
  const roll = async (tag: number) => {
    const containers = [{ name: "web", image: `registry.example/web:${tag}` }];
    await merge("Deployment", "default/web", { spec: { template: { spec: { containers } } } });
    await clock.sleep(60_000);
  };
  await roll(2);
  await roll(1);
  const sets = await list("ReplicaSet", "default");
  const notes = sets.map((set) => [
    at(set, "spec", "replicas"),
    at(set, "metadata", "annotations", "deployment.kubernetes.io/revision"),
    at(set, "metadata", "annotations", "deployment.kubernetes.io/revision-history"),
  ]);
  assert.deepEqual(notes.sort(), [
    [0, "2", undefined],
    [1, "3", "1"],
  ]);
});

test("Recreate starts no new pod before the old ones are gone", async (t) => {
  const { clock, create, merge, list } = await startTestCluster(t);
  await create(deployment("db", { strategy: { type: "Recreate" } }));
  await clock.sleep(30_000);
  const containers = [{ name: "db", image: "registry.example/db:2" }];
  await merge("Deployment", "default/db", { spec: { template: { spec: { containers } } } });
  const images = new Set<string>();
  for (let step = 0; step < 40; step += 1) {
    await clock.sleep(500);
    const pods = await list("Pod", "default");
    images.add(pods.map((pod) => String(at(pod, "spec", "containers", 0, "image"))).join("+"));
  }
  assert.deepEqual([...images], ["registry.example/db:1", "registry.example/db:2"]);
});

test("an old ReplicaSet beyond the history limit is deleted", async (t) => {
  const { clock, create, merge, list } = await startTestCluster(t);
  await create(deployment("web", { revisionHistoryLimit: 1 }));
  await clock.sleep(30_000);
  for (const tag of [2, 3, 4]) {
    const containers = [{ name: "web", image: `registry.example/web:${tag}` }];
    await merge("Deployment", "default/web", { spec: { template: { spec: { containers } } } });
    await clock.sleep(60_000);
  }
  assert.equal((await list("ReplicaSet", "default")).length, 2);
});

test("a paused Deployment scales but does not roll", async (t) => {
  const { clock, create, merge, read, list } = await startTestCluster(t);
  await create(deployment("web"));
  await clock.sleep(30_000);
  const template = podTemplate("web", { containers: [{ name: "web", image: "registry.example/web:2" }] });
  await merge("Deployment", "default/web", { spec: { paused: true, replicas: 2, template } });
  await clock.sleep(60_000);
  const pods = await list("Pod", "default");
  assert.equal(pods.length, 2);
  assert.ok(pods.every((pod) => at(pod, "spec", "containers", 0, "image") === "registry.example/web:1"));
  assert.equal(
    conditionText(await read("Deployment", "default/web"), "Progressing"),
    "Unknown: DeploymentPaused",
  );
  await merge("Deployment", "default/web", { spec: { paused: false } });
  await clock.sleep(60_000);
  const rolled = await list("Pod", "default");
  assert.ok(rolled.every((pod) => at(pod, "spec", "containers", 0, "image") === "registry.example/web:2"));
});

test("the progress deadline passes while a pod waits for a Secret, and the rollout recovers", async (t) => {
  const { clock, create, read } = await startTestCluster(t);
  const volumes = [{ name: "tls", secret: { secretName: "tls" } }];
  await create(deployment("web", { progressDeadlineSeconds: 60 }, { volumes }));
  await clock.sleep(50_000);
  assert.equal(
    conditionText(await read("Deployment", "default/web"), "Progressing"),
    "True: ReplicaSetUpdated",
  );
  await clock.sleep(20_000);
  const late = await read("Deployment", "default/web");
  assert.equal(conditionText(late, "Progressing"), "False: ProgressDeadlineExceeded");
  await create({ apiVersion: "v1", kind: "Secret", metadata: { name: "tls", namespace: "default" } });
  await clock.sleep(30_000);
  const done = await read("Deployment", "default/web");
  assert.equal(conditionText(done, "Progressing"), "True: NewReplicaSetAvailable");
});

test("pods that admission refuses show as ReplicaFailure and are tried again with a growing pause", async (t) => {
  const { cluster, clock, create, read, events, list, remove } = await startTestCluster(t);
  await create(
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "none", namespace: "default" },
      spec: { hard: { pods: "0" } },
    },
    deployment("web", { replicas: 2 }),
  );
  await clock.sleep(1_000);
  const refused = await read("Deployment", "default/web");
  assert.equal(conditionText(refused, "ReplicaFailure"), "True: FailedCreate");
  assert.equal(conditionText(refused, "Available"), "False: MinimumReplicasUnavailable");
  const [set] = await list("ReplicaSet", "default");
  assert.match(
    (await events(set?.metadata.name ?? ""))[0] ?? "",
    /^FailedCreate: Error creating: pods .*exceeded quota/,
  );
  const tries = cluster.audit.filter(({ verb, resource }) => verb === "create" && resource === "pods");
  const pauses = tries.slice(1).map((attempt, index) => attempt.at - (tries[index]?.at ?? 0));
  assert.deepEqual(pauses.slice(-5), [20, 40, 80, 160, 320]);
  await remove("ResourceQuota", "default/none");
  await clock.sleep(30_000);
  const done = await read("Deployment", "default/web");
  assert.equal(conditionText(done, "ReplicaFailure"), undefined);
  assert.equal(at(done, "status", "availableReplicas"), 2);
});

test("a pod that is deleted is replaced", async (t) => {
  const { clock, create, list, remove } = await startTestCluster(t);
  await create(deployment("web"));
  await clock.sleep(30_000);
  const [first] = await list("Pod", "default");
  await remove("Pod", `default/${first?.metadata.name}`);
  await clock.sleep(30_000);
  const [second, ...others] = await list("Pod", "default");
  assert.equal(others.length, 0);
  assert.notEqual(second?.metadata.uid, first?.metadata.uid);
});
