// The embedded cluster's controllers and scheduler beside the real ones: the same objects, the same changes, and
// in the end the same states and the same events.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { builtin, type Client, createClient, groupOf, type KubernetesObject } from "@slipway/kubernetes";
import { startCluster } from "@slipway/rehearsal";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { startAnimatedControlPlane } from "../control-plane/animated.ts";
import { skipWithoutGo } from "../control-plane/build.ts";

const namespace = "compared";
const timeScale = 0.2;
const LONGEST_WAIT_MS = 120_000;

const template = (app: string, spec: JsonObject = {}, container: JsonObject = {}): JsonObject => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: app, image: `registry.example/${app}:1`, ...container }], ...spec },
});
const object = (apiVersion: string, kind: string, name: string, spec: JsonObject): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  spec,
});
const deployment = (name: string, spec: JsonObject = {}, podTemplate = template(name)): KubernetesObject =>
  object("apps/v1", "Deployment", name, {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: podTemplate,
    ...spec,
  });
const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const job = (name: string, spec: JsonObject, podSpec: JsonObject = {}): KubernetesObject =>
  object("batch/v1", "Job", name, {
    template: template("job", { restartPolicy: "Never", ...podSpec }),
    ...spec,
  });
const service = (name: string, app: string, spec: JsonObject = {}): KubernetesObject =>
  object("v1", "Service", name, { selector: { app }, ports: [{ name: "http", port: 80 }], ...spec });
const secretKey = { valueFrom: { secretKeyRef: { name: "absent", key: "key" } } };
const mounting = (volume: JsonObject): JsonObject => ({ volumes: [{ name: "volume", ...volume }] });

const objects: readonly KubernetesObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  deployment("plain", { replicas: 2 }),
  deployment("paused", { paused: true }),
  deployment("recreate", { strategy: { type: "Recreate" } }),
  deployment("none", { replicas: 0 }),
  deployment(
    "stuck",
    { progressDeadlineSeconds: 2 },
    template("stuck", mounting({ secret: { secretName: "absent" } })),
  ),
  deployment("keyless", {}, template("keyless", {}, { env: [{ name: "KEY", ...secretKey }] })),
  deployment("nowhere", {}, template("nowhere", { nodeSelector: { absent: "true" } })),
  deployment(
    "claimless",
    {},
    template("claimless", mounting({ persistentVolumeClaim: { claimName: "absent" } })),
  ),
  service("plain", "plain"),
  service("headless", "db", { clusterIP: "None" }),
  service("nobody", "nobody"),
  object("v1", "PersistentVolumeClaim", "unused", claim),
  object("v1", "PersistentVolumeClaim", "classless", { ...claim, storageClassName: "absent" }),
  object("apps/v1", "StatefulSet", "db", {
    replicas: 2,
    serviceName: "headless",
    selector: { matchLabels: { app: "db" } },
    template: template("db", {}, { volumeMounts: [{ name: "data", mountPath: "/data" }] }),
    volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
  }),
  object("apps/v1", "DaemonSet", "everywhere", {
    selector: { matchLabels: { app: "everywhere" } },
    template: template("everywhere"),
  }),
  job("job", { completions: 2, parallelism: 1 }),
  job("indexed", { completions: 3, parallelism: 3, completionMode: "Indexed" }),
  job("suspended", { suspend: true }),
  job("late", { activeDeadlineSeconds: 2 }, { nodeSelector: { absent: "true" } }),
  object("policy/v1", "PodDisruptionBudget", "half", {
    maxUnavailable: "50%",
    selector: { matchLabels: { app: "plain" } },
  }),
  object("policy/v1", "PodDisruptionBudget", "none", {
    minAvailable: 1,
    selector: { matchLabels: { app: "nobody" } },
  }),
  object("v1", "ResourceQuota", "quota", { hard: { pods: "100", "requests.storage": "100Gi" } }),
];

const newImage = (name: string): JsonObject => ({
  spec: { template: { spec: { containers: [{ name, image: "registry.example/next:2" }] } } },
});
const changes: readonly (readonly [kind: string, name: string, patch: JsonObject])[] = [
  ["Deployment", "plain", newImage("plain")],
  ["Deployment", "paused", { spec: { paused: false } }],
  ["Deployment", "recreate", newImage("recreate")],
  ["StatefulSet", "db", newImage("db")],
  ["DaemonSet", "everywhere", newImage("everywhere")],
  ["Job", "suspended", { spec: { suspend: false } }],
];

/** What is compared of each kind; the status unless something else is said. */
const compared: Readonly<Record<string, (found: KubernetesObject) => Json | undefined>> = {
  Deployment: ({ status }) => status,
  ReplicaSet: ({ status, metadata, spec }) => ({
    status,
    annotations: metadata.annotations,
    replicas: isJsonObject(spec) ? spec.replicas : undefined,
  }),
  Pod: ({ status, metadata }) => ({
    labels: Object.keys(metadata.labels ?? {}).sort(),
    phase: isJsonObject(status) ? status.phase : undefined,
    conditions: isJsonObject(status) ? status.conditions : undefined,
  }),
  StatefulSet: ({ status }) => status,
  DaemonSet: ({ status }) => status,
  ControllerRevision: ({ revision }) => revision,
  Job: ({ status }) => status,
  PersistentVolumeClaim: ({ status, metadata }) => ({
    status,
    finalizers: metadata.finalizers,
    annotations: Object.keys(metadata.annotations ?? {}).sort(),
  }),
  PodDisruptionBudget: ({ status }) => status,
  ResourceQuota: ({ status }) => status,
  EndpointSlice: ({ endpoints, ports, metadata }) => ({
    endpoints: Array.isArray(endpoints) ? endpoints.length : 0,
    ports,
    labels: metadata.labels,
  }),
};

const groups: Readonly<Record<string, string>> = {
  ControllerRevision: "apps",
  DaemonSet: "apps",
  Deployment: "apps",
  EndpointSlice: "discovery.k8s.io",
  Job: "batch",
  PodDisruptionBudget: "policy",
  ReplicaSet: "apps",
  StatefulSet: "apps",
};
const typeOf = (kind: string) => builtin(groups[kind] ?? "", kind);

/** Every object that is compared and every event, a line each, without times and made-up names. */
async function describeState(client: Client): Promise<string[]> {
  const lines: string[] = [];
  for (const [kind, select] of Object.entries(compared)) {
    for (const found of (await client.list(typeOf(kind), { namespace })).items) {
      lines.push(`${kind} ${generalize(found.metadata.name)} ${JSON.stringify(comparable(select(found)))}`);
    }
  }
  const events = new Set<string>();
  for (const event of (await client.list(typeOf("Event"), { namespace })).items) {
    const { kind, name } = event.involvedObject as { kind: string; name: string };
    const component = event.reportingComponent || (event.source as JsonObject).component;
    events.add(
      generalize(`Event ${kind} ${name} ${event.type} ${event.reason} ${event.message} (${component})`),
    );
  }
  return [...lines, ...events].sort();
}

/** Without times; conditions by type; keys in order. */
function comparable(value: Json | undefined): Json {
  if (Array.isArray(value)) {
    const items = value.map(comparable);
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === "string") return generalize(value);
  if (!isJsonObject(value)) return value ?? null;
  const fields = Object.entries(value).filter(([key, item]) => item !== undefined && !/[tT]ime$/.test(key));
  return Object.fromEntries(fields.sort().map(([key, item]) => [key, comparable(item)]));
}

/** Names with their hashes, suffixes, numbers of nodes and uids left out. */
function generalize(text: string): string {
  const letter = "[bcdfghjklmnpqrstvwxz2456789]";
  const end = String.raw`(?=$|["\s:.,)])`;
  return text
    .replace(/pvc-[0-9a-f-]{36}/g, "pvc-UID")
    .replace(new RegExp(`-${letter}{6,10}(-${letter}{5})?${end}`, "g"), (_, pod) =>
      pod ? "-HASH-POD" : "-HASH",
    )
    .replace(new RegExp(`-${letter}{5}${end}`, "g"), "-POD")
    .replace(/node-[0-9]/g, "node-N");
}

async function create(client: Client): Promise<void> {
  for (const one of objects) {
    await client.create(builtin(groupOf(one.apiVersion), one.kind), one);
    if (one.kind === "Namespace") await waitForAccount(client);
  }
}

/** Pods are refused until their namespace has its account. */
async function waitForAccount(client: Client): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 100) {
    const { items } = await client.list(builtin("", "ServiceAccount"), { namespace });
    if (items.length > 0) return;
    await sleep(100);
  }
}

async function change(client: Client): Promise<void> {
  for (const [kind, name, patch] of changes) {
    await client.patch(typeOf(kind), { namespace, name }, { type: "merge", patch });
  }
}

/** The state as soon as it is the expected one, else as it is after a while. */
async function awaitState(client: Client, expected: readonly string[]): Promise<string[]> {
  for (let waited = 0; ; waited += 1_000) {
    const state = await describeState(client);
    if (state.join("\n") === expected.join("\n") || waited >= LONGEST_WAIT_MS) return state;
    await sleep(1_000);
  }
}

describe("the embedded controllers beside the real ones", { skip: skipWithoutGo() }, () => {
  test("the same objects and changes end in the same states and events", async (t) => {
    const acts = [create, change];
    const cluster = await startCluster({ timeScale });
    t.after(() => cluster.stop());
    const embedded = createClient({ transport: cluster.transport, userAgent: "compare" });
    // All of it before the real one starts: simulated time would run ahead while this process waits for it.
    const expected: string[][] = [];
    for (const act of acts) {
      await act(embedded);
      await cluster.clock.sleep(60_000);
      expected.push(await describeState(embedded));
    }

    const plane = await startAnimatedControlPlane({ timeScale });
    t.after(() => plane.stop());
    for (const [index, act] of acts.entries()) {
      const ours = expected[index] ?? [];
      assert.ok(ours.length > 60, `only ${ours.length} lines`);
      await act(plane.client);
      assert.deepEqual(ours, await awaitState(plane.client, ours), `after ${act.name}`);
    }
  });
});
