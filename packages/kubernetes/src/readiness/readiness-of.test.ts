import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "@slipway/yaml";
import { fixture, skipWithout } from "../../../../test/support/fixtures.ts";
import { createMapper } from "../mapper.ts";
import type { KubernetesObject } from "../object.ts";
import type { ReadinessContext } from "./readiness.ts";
import { readinessOf } from "./readiness-of.ts";

const now = Date.parse("2026-01-01T00:01:00Z");

interface Case {
  readonly name: string;
  readonly object: JsonObject;
  readonly is: string;
  readonly because?: RegExp;
  readonly context?: Partial<ReadinessContext>;
}

function check(apiVersion: string, kind: string, cases: readonly Case[]): void {
  for (const { name, object, is, because, context } of cases) {
    test(`${kind}: ${name}`, () => {
      const { metadata, ...rest } = object;
      const full = { apiVersion, kind, metadata: { name: "x", ...(metadata as JsonObject) }, ...rest };
      const readiness = readinessOf(full as KubernetesObject, { now, ...context });
      assert.equal(readiness.state, is, readiness.message);
      if (because) assert.match(readiness.message, because);
    });
  }
}

const conditions = (...types: string[]) =>
  types.map((text) => {
    const [type, status, reason] = text.split(" ");
    return { type, status, ...(reason ? { reason } : {}) };
  });

check("example.com/v1", "Widget", [
  { name: "nothing known", object: {}, is: "ready" },
  {
    name: "being deleted",
    object: { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a/b"] } },
    is: "terminating",
    because: /held by a\/b/,
  },
  {
    name: "generation not seen",
    object: {
      metadata: { generation: 2 },
      status: { observedGeneration: 1, conditions: conditions("Ready True") },
    },
    is: "pending",
    because: /generation 1, not yet 2/,
  },
  {
    name: "reconciling",
    object: { status: { conditions: conditions("Reconciling True", "Ready True") } },
    is: "pending",
  },
  {
    name: "stalled",
    object: { status: { conditions: conditions("Stalled True", "Ready True") } },
    is: "failed",
  },
  { name: "Ready True", object: { status: { conditions: conditions("Ready True") } }, is: "ready" },
  {
    name: "Ready False",
    object: { status: { conditions: conditions("Ready False Missing") } },
    is: "pending",
    because: /Ready is False: Missing/,
  },
  { name: "Ready Unknown", object: { status: { conditions: conditions("Ready Unknown") } }, is: "pending" },
  {
    name: "another condition only",
    object: { status: { conditions: conditions("Synced False") } },
    is: "ready",
  },
  {
    name: "no status where one is expected",
    object: { metadata: { creationTimestamp: "2026-01-01T00:00:50Z" } },
    context: { expectsStatus: true },
    is: "pending",
  },
  {
    name: "no status where one is expected, for longer than the grace period",
    object: { metadata: { creationTimestamp: "2026-01-01T00:00:40Z" } },
    context: { expectsStatus: true },
    is: "ready",
  },
  {
    name: "no status since it was written again",
    object: { metadata: { creationTimestamp: "2026-01-01T00:00:00Z" } },
    context: { expectsStatus: true, since: now - 1_000 },
    is: "pending",
  },
  {
    name: "a status where one is expected",
    object: { status: { phase: "x" } },
    context: { expectsStatus: true },
    is: "ready",
  },
]);

test("a pending object in its grace period says when it will be taken as ready", () => {
  const object = { apiVersion: "e/v1", kind: "W", metadata: { name: "x" } };
  assert.equal(readinessOf(object, { now, since: now - 5_000, expectsStatus: true }).readyAt, now + 10_000);
});

const rolledOut = conditions("Progressing True NewReplicaSetAvailable", "Available True");
const three = { replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
const spec = { replicas: 3, progressDeadlineSeconds: 600 };
check("apps/v1", "Deployment", [
  { name: "no status", object: { spec }, is: "pending", because: /0 of 3 replicas exist/ },
  { name: "rolled out", object: { spec, status: { ...three, conditions: rolledOut } }, is: "ready" },
  {
    name: "deadline exceeded",
    object: { spec, status: { conditions: conditions("Progressing False ProgressDeadlineExceeded") } },
    is: "failed",
  },
  {
    name: "old revision",
    object: { spec, status: { ...three, updatedReplicas: 1, conditions: rolledOut } },
    is: "pending",
    because: /1 of 3 replicas are of the new revision/,
  },
  {
    name: "old pods left",
    object: { spec, status: { ...three, replicas: 4, conditions: rolledOut } },
    is: "pending",
  },
  {
    name: "not available",
    object: { spec, status: { ...three, availableReplicas: 2, conditions: rolledOut } },
    is: "pending",
  },
  {
    name: "not ready",
    object: { spec, status: { ...three, readyReplicas: 2, conditions: rolledOut } },
    is: "pending",
  },
  {
    name: "ReplicaSet not available",
    object: {
      spec,
      status: { ...three, conditions: conditions("Progressing True ReplicaSetUpdated", "Available True") },
    },
    is: "pending",
  },
  {
    name: "no deadline, so progress is not asked for",
    object: { spec: { replicas: 3 }, status: { ...three, conditions: conditions("Available True") } },
    is: "ready",
  },
  { name: "not Available", object: { spec: { replicas: 3 }, status: { ...three } }, is: "pending" },
  {
    name: "pods refused",
    object: {
      spec,
      status: { conditions: [{ type: "ReplicaFailure", status: "True", message: "webhook says no" }] },
    },
    is: "pending",
    because: /webhook says no/,
  },
  { name: "one replica by default", object: { status: { replicas: 0 } }, is: "pending", because: /0 of 1/ },
]);

check("apps/v1", "StatefulSet", [
  { name: "OnDelete", object: { spec: { updateStrategy: { type: "OnDelete" } } }, is: "ready" },
  { name: "no status", object: {}, is: "pending", because: /0 of 1 replicas exist/ },
  {
    name: "not ready",
    object: { status: { replicas: 1 } },
    is: "pending",
    because: /0 of 1 replicas are ready/,
  },
  {
    name: "too many",
    object: { status: { replicas: 2, readyReplicas: 2 } },
    is: "pending",
    because: /1 replicas are to go/,
  },
  {
    name: "partition reached",
    object: {
      spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      status: { replicas: 3, readyReplicas: 3, updatedReplicas: 1 },
    },
    is: "ready",
  },
  {
    name: "partition not reached",
    object: {
      spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
      status: { replicas: 3, readyReplicas: 3, updatedReplicas: 1 },
    },
    is: "pending",
    because: /1 of 2 replicas are updated/,
  },
  { name: "not current", object: { status: { replicas: 1, readyReplicas: 1 } }, is: "pending" },
  {
    name: "another revision",
    object: {
      status: {
        replicas: 1,
        readyReplicas: 1,
        currentReplicas: 1,
        currentRevision: "a",
        updateRevision: "b",
      },
    },
    is: "pending",
  },
  { name: "done", object: { status: { replicas: 1, readyReplicas: 1, currentReplicas: 1 } }, is: "ready" },
]);

const scheduled = { observedGeneration: 1, desiredNumberScheduled: 2, currentNumberScheduled: 2 };
check("apps/v1", "DaemonSet", [
  { name: "not looked at", object: { metadata: { generation: 1 } }, is: "pending" },
  {
    name: "no generation",
    object: { status: { observedGeneration: 1, desiredNumberScheduled: 0 } },
    is: "pending",
  },
  {
    name: "one not available",
    object: {
      metadata: { generation: 1 },
      status: { ...scheduled, updatedNumberScheduled: 2, numberAvailable: 1 },
    },
    is: "pending",
    because: /1 of 2 pods are available/,
  },
  {
    name: "done",
    object: {
      metadata: { generation: 1 },
      status: { ...scheduled, updatedNumberScheduled: 2, numberAvailable: 2, numberReady: 2 },
    },
    is: "ready",
  },
]);

check("apps/v1", "ReplicaSet", [
  { name: "failure", object: { status: { conditions: conditions("ReplicaFailure True") } }, is: "pending" },
  { name: "missing", object: { status: { fullyLabeledReplicas: 1, availableReplicas: 0 } }, is: "pending" },
  { name: "scaled to nothing", object: { spec: { replicas: 0 }, status: { replicas: 0 } }, is: "ready" },
  { name: "too many", object: { spec: { replicas: 0 }, status: { replicas: 1 } }, is: "pending" },
]);

const waiting = (reason: string) => [{ name: "main", state: { waiting: { reason } } }];
check("v1", "Pod", [
  { name: "no phase", object: {}, is: "pending" },
  { name: "succeeded", object: { status: { phase: "Succeeded" } }, is: "ready" },
  { name: "ended badly", object: { status: { phase: "Failed" } }, is: "ready", because: /without success/ },
  {
    name: "running and ready",
    object: { status: { phase: "Running", conditions: conditions("Ready True") } },
    is: "ready",
  },
  {
    name: "crashing",
    object: { status: { phase: "Running", containerStatuses: waiting("CrashLoopBackOff") } },
    is: "failed",
    because: /main keeps crashing/,
  },
  { name: "running", object: { status: { phase: "Running" } }, is: "pending" },
  {
    name: "unschedulable for a moment",
    object: {
      metadata: { creationTimestamp: "2026-01-01T00:00:50Z" },
      status: { phase: "Pending", conditions: conditions("PodScheduled False Unschedulable") },
    },
    is: "pending",
  },
  {
    name: "unschedulable",
    object: {
      metadata: { creationTimestamp: "2026-01-01T00:00:40Z" },
      status: { phase: "Pending", conditions: conditions("PodScheduled False Unschedulable") },
    },
    is: "failed",
  },
  {
    name: "pulling",
    object: { status: { phase: "Pending", containerStatuses: waiting("ImagePullBackOff") } },
    is: "pending",
    because: /ImagePullBackOff/,
  },
  { name: "strange phase", object: { status: { phase: "Dreaming" } }, is: "failed" },
]);

check("batch/v1", "Job", [
  { name: "not started", object: {}, is: "pending" },
  { name: "running", object: { status: { startTime: "t" } }, is: "pending", because: /0 of 1 done/ },
  {
    name: "complete",
    object: { status: { startTime: "t", conditions: conditions("Complete True") } },
    is: "ready",
  },
  {
    name: "failed",
    object: { status: { conditions: conditions("Failed True BackoffLimitExceeded") } },
    is: "failed",
  },
  {
    name: "suspended",
    object: { spec: { suspend: true }, status: { conditions: conditions("Suspended True") } },
    is: "ready",
  },
]);

const firstUse = () => ({
  apiVersion: "s/v1",
  kind: "SC",
  metadata: { name: "s" },
  volumeBindingMode: "WaitForFirstConsumer",
});
check("v1", "PersistentVolumeClaim", [
  { name: "bound", object: { status: { phase: "Bound" } }, is: "ready" },
  { name: "lost", object: { status: { phase: "Lost" } }, is: "failed" },
  { name: "pending", object: { status: { phase: "Pending" } }, is: "pending" },
  {
    name: "pending until its first pod",
    object: { status: { phase: "Pending" } },
    context: { storageClass: firstUse },
    is: "ready",
  },
  { name: "not looked at", object: {}, context: { storageClass: firstUse }, is: "pending" },
]);

check("v1", "Service", [
  { name: "inside", object: { spec: { type: "ClusterIP" } }, is: "ready" },
  { name: "outside by name", object: { spec: { type: "ExternalName" } }, is: "ready" },
  { name: "no cluster address", object: { spec: { type: "LoadBalancer" } }, is: "pending" },
  {
    name: "no outside address",
    object: { spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" } },
    is: "pending",
  },
  {
    name: "outside address",
    object: {
      spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" },
      status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
    },
    is: "ready",
  },
]);

check("apiextensions.k8s.io/v1", "CustomResourceDefinition", [
  { name: "new", object: {}, is: "pending" },
  {
    name: "names taken",
    object: { status: { conditions: conditions("NamesAccepted False") } },
    is: "failed",
  },
  {
    name: "installing",
    object: { status: { conditions: conditions("NamesAccepted True", "Established False Installing") } },
    is: "pending",
  },
  {
    name: "not established",
    object: { status: { conditions: conditions("Established False Broken") } },
    is: "failed",
  },
  { name: "established", object: { status: { conditions: conditions("Established True") } }, is: "ready" },
]);

check("apiregistration.k8s.io/v1", "APIService", [
  { name: "new", object: {}, is: "pending" },
  {
    name: "away",
    object: { status: { conditions: conditions("Available False MissingEndpoints") } },
    is: "pending",
  },
  { name: "available", object: { status: { conditions: conditions("Available True Passed") } }, is: "ready" },
]);

const service = { name: "hook", namespace: "x" };
check("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", [
  { name: "no webhooks", object: {}, is: "ready" },
  {
    name: "by address",
    object: { webhooks: [{ name: "a", clientConfig: { url: "https://a" } }] },
    is: "ready",
  },
  {
    name: "one without CA",
    object: {
      webhooks: [
        { name: "a", clientConfig: { service, caBundle: "x" } },
        { name: "b", clientConfig: { service, caBundle: "" } },
      ],
    },
    is: "pending",
    because: /webhook b/,
  },
  {
    name: "with CA",
    object: { webhooks: [{ name: "a", clientConfig: { service, caBundle: "x" } }] },
    is: "ready",
  },
]);

check("rbac.authorization.k8s.io/v1", "ClusterRole", [
  { name: "plain", object: { rules: [] }, is: "ready" },
  {
    name: "not aggregated",
    object: { aggregationRule: {}, rules: null },
    context: { since: now },
    is: "pending",
  },
  { name: "aggregated", object: { aggregationRule: {}, rules: [{ verbs: ["get"] }] }, is: "ready" },
]);

check("networking.k8s.io/v1", "Ingress", [
  { name: "no address", object: {}, context: { since: now }, is: "pending" },
  { name: "address", object: { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }, is: "ready" },
]);

const recorded = fixture("real-server/26.03/final.ndjson.gz");
test("no false alarm on a real server whose every object was ready", { skip: skipWithout(recorded) }, () => {
  const objects: KubernetesObject[] = gunzipSync(readFileSync(recorded))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const mapper = createMapper({ crds: objects });
  const created = objects
    .map((object) => Date.parse(object.metadata.creationTimestamp ?? ""))
    .filter((at) => at > 0);
  // Recorded six seconds after the last one was ready; those whose controllers write nothing get their grace.
  const recordedAt = Math.max(...created) + 16_000;
  const alarms: string[] = [];
  for (const object of objects) {
    const expectsStatus = mapper.findFor(object)?.expectsStatus ?? false;
    const { state, message } = readinessOf(object, { now: recordedAt, expectsStatus });
    if (state !== "ready") alarms.push(`${object.kind}/${object.metadata.name}: ${state}, ${message}`);
  }
  assert.deepEqual(alarms, []);
  assert.ok(objects.length > 1_000);
});
