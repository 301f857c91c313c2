import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { builtin, groupOf, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { fixture, skipWithout } from "../../../../test/support/fixtures.ts";
import { at, startTestCluster, type TestCluster } from "./test-cluster.ts";

// What a real control plane made of a whole platform: the same objects go to the embedded cluster, and what its
// controllers make of them is compared, object by object.

const recorded = fixture("real-server/26.03/final.ndjson.gz");
const skip = skipWithout(recorded);

const KINDS = [
  "Namespace",
  "ServiceAccount",
  "ConfigMap",
  "Secret",
  "ClusterRole",
  "PriorityClass",
  "Service",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "PodDisruptionBudget",
  "HorizontalPodAutoscaler",
];

let real: KubernetesObject[] = [];
let ours: TestCluster;

before(async () => {
  if (skip) return;
  const lines = gunzipSync(readFileSync(recorded)).toString("utf8").trim().split("\n");
  real = lines.map((line) => JSON.parse(line) as KubernetesObject);
  ours = await startTestCluster({ after });
  await deployEverything(ours);
});

/** The object as somebody would have applied it: without what servers and controllers put there. */
function asApplied(object: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const { status: _, ...rest } = structuredClone(object);
  const kept = Object.entries(annotations ?? {}).filter(
    ([key]) => !/^(deployment|pv|deprecated)\./.test(key),
  );
  const applied: KubernetesObject = {
    ...rest,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      annotations: Object.fromEntries(kept),
    },
  };
  if (object.kind === "ClusterRole" && object.aggregationRule) delete applied.rules;
  if (object.kind === "PersistentVolumeClaim" && isJsonObject(applied.spec)) delete applied.spec.volumeName;
  return applied;
}

async function deployEverything({ client, clock }: TestCluster): Promise<void> {
  for (const kind of KINDS) {
    for (const object of real.filter((candidate) => candidate.kind === kind)) {
      const type = builtin(groupOf(object.apiVersion), kind);
      await client.apply(type, asApplied(object), { fieldManager: "test", force: true });
    }
  }
  await clock.sleep(120_000);
}

/** A status without times and without the parts of names that are made up. */
function comparable(value: Json | undefined): Json {
  if (Array.isArray(value)) {
    const items = value.map(comparable);
    return items.sort((a, b) => (String(at(a, "type")) < String(at(b, "type")) ? -1 : 1));
  }
  if (typeof value === "string") return value.replace(/-[a-z0-9]{6,10}(?=$|")/g, "-HASH");
  if (!isJsonObject(value)) return value ?? null;
  const fields = Object.entries(value).filter(([key]) => !/[tT]ime$/.test(key));
  return Object.fromEntries(fields.map(([key, item]) => [key, comparable(item)]));
}

test("the controllers make of a platform's objects what the real ones do", { skip }, async () => {
  const { list } = ours;
  for (const kind of ["Deployment", "StatefulSet", "PodDisruptionBudget", "PersistentVolumeClaim"]) {
    const made = new Map((await list(kind)).map((object) => [nameOf(object), object]));
    const theirs = real.filter((object) => object.kind === kind);
    assert.ok(theirs.length > 0, kind);
    for (const object of theirs) {
      const name = nameOf(object);
      assert.deepEqual(
        comparable(made.get(name)?.status),
        comparable(object.status),
        `status of ${kind} ${name}`,
      );
    }
  }

  const owned = (objects: readonly KubernetesObject[], kind: string) =>
    new Map(
      objects
        .filter((object) => object.kind === kind)
        .map((object) => [
          `${object.metadata.namespace}/${object.metadata.ownerReferences?.[0]?.name}`,
          object,
        ]),
    );
  const sets = owned(await list("ReplicaSet"), "ReplicaSet");
  for (const [owner, set] of owned(real, "ReplicaSet")) {
    const made = sets.get(owner);
    assert.deepEqual(
      comparable(made?.status),
      comparable(set.status),
      `status of the ReplicaSet of ${owner}`,
    );
    assert.deepEqual(
      made?.metadata.annotations,
      set.metadata.annotations,
      `annotations of the ReplicaSet of ${owner}`,
    );
    assert.deepEqual(
      Object.keys(made?.metadata.labels ?? {}).sort(),
      Object.keys(set.metadata.labels ?? {}).sort(),
    );
    assert.match(made?.metadata.labels?.["pod-template-hash"] ?? "", /^[bcdf-hj-np-tv-xz24-9]{5,10}$/);
  }
});

test("aggregated roles get the rules that the real controller gives them, in its order", {
  skip,
}, async () => {
  const made = new Map((await ours.list("ClusterRole")).map((role) => [role.metadata.name, role]));
  const aggregated = real.filter((object) => object.kind === "ClusterRole" && object.aggregationRule);
  assert.equal(aggregated.length, 17);
  for (const role of aggregated) {
    assert.deepEqual(at(made.get(role.metadata.name), "rules"), role.rules, role.metadata.name);
  }
});

test("the objects and events around the workloads are those of the real cluster", { skip }, async () => {
  const { list } = ours;
  for (const kind of [
    "EndpointSlice",
    "Endpoints",
    "ServiceAccount",
    "ControllerRevision",
    "PersistentVolume",
  ]) {
    const theirs = real.filter((object) => object.kind === kind && object.metadata.namespace !== "default");
    const made = (await list(kind)).filter((object) => object.metadata.namespace !== "default");
    assert.equal(made.length, theirs.length, kind);
  }
  const pods = await list("Pod");
  const running = (objects: readonly KubernetesObject[]) =>
    objects.filter((pod) => at(pod, "status", "phase") === "Running").length;
  const daemons = 2;
  assert.equal(running(pods), running(real.filter(({ kind }) => kind === "Pod")) + daemons);
  const reasons = (objects: readonly KubernetesObject[]) =>
    new Set(objects.map(({ reason }) => String(reason)));
  const events = reasons(await list("Event"));
  const theirs = reasons(real.filter(({ kind }) => kind === "Event"));
  // There is a default StorageClass here, so that no claim lacks a class.
  theirs.delete("FailedBinding");
  for (const reason of theirs) assert.ok(events.has(reason), reason);
});

function nameOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
