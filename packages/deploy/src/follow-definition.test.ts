import assert from "node:assert/strict";
import { test } from "node:test";
import { inferGraph } from "@slipway/graph";
import { createMapper, type KubernetesObject } from "@slipway/kubernetes";
import { createFakeCluster, type FakeCluster } from "../test/fake-cluster.ts";
import { createTestClock } from "../test/test-clock.ts";
import { type DeployOptions, deploy } from "./deploy.ts";

const definition: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.e.com" },
  spec: {
    group: "e.com",
    names: { kind: "Widget", plural: "widgets", singular: "widget" },
    scope: "Cluster",
    versions: [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
      { name: "v2", served: true, storage: false, schema: { openAPIV3Schema: { type: "object" } } },
    ],
  },
};
const widget: KubernetesObject = { apiVersion: "e.com/v1", kind: "Widget", metadata: { name: "w" } };
const isDefinition = ({ kind }: { kind: string }) => kind === "CustomResourceDefinition";

/** Deploys the definition and an object of its kind; `onApplied` says what the server does with the definition. */
async function run(
  onApplied: (cluster: FakeCluster, clock: DeployOptions["clock"]) => void,
  present = false,
) {
  const cluster = createFakeCluster();
  const clock = createTestClock();
  if (present) report(cluster, { Established: "True" });
  const full: string[] = [];
  const asked = new Set<string>();
  const times: Record<string, number> = {};
  cluster.onWrite((written, { verb }) => {
    if (verb !== "apply") return;
    times[written.kind] = clock.now();
    if (isDefinition(written)) onApplied(cluster, clock);
  });
  const client: DeployOptions["client"] = {
    ...cluster.client,
    get(type, ref, options) {
      if (isDefinition(type)) full.push("get");
      return cluster.client.get(type, ref, options);
    },
    serves(type) {
      asked.add(type.version);
      return cluster.client.serves(type);
    },
    watch(type, options) {
      if (isDefinition(type) && !options.metadataOnly) full.push("watch");
      return cluster.client.watch(type, options);
    },
  };
  const objects = [definition, widget];
  const summary = await deploy({
    graph: inferGraph(objects.map((object) => ({ object }))),
    client,
    mapper: createMapper({ crds: objects }),
    clock,
    release: "test",
    cluster: "fake",
    run: "1",
    emit: () => {},
  });
  return { summary, full, times, asked };
}

/** Writes the conditions of the definition, as the server's controllers do. */
function report(cluster: FakeCluster, conditions: Readonly<Record<string, string>>, reason = ""): void {
  const stored = cluster.find("CustomResourceDefinition", definition.metadata) ?? definition;
  const list = Object.entries(conditions).map(([type, status]) => ({ type, status, reason, message: "why" }));
  cluster.put({ ...stored, status: { conditions: list } });
}

test("an object of a custom kind waits until discovery lists all versions, and no schema is read for that", async () => {
  const { summary, full, times, asked } = await run((cluster, clock) => {
    clock.schedule(300, () => report(cluster, { NamesAccepted: "True", Established: "False" }, "Installing"));
    clock.schedule(1_500, () => report(cluster, { NamesAccepted: "True", Established: "True" }));
  });
  assert.deepEqual([summary.counts.ready, summary.errors, full], [2, [], []]);
  assert.equal(times.Widget, 1_500);
  assert.deepEqual([...asked], ["v2", "v1"]);
});

test("discovery that comes later than the last change of the definition is asked again", async () => {
  const { summary, times } = await run((cluster, clock) => {
    clock.schedule(100, () => {
      cluster.serve(false);
      report(cluster, { NamesAccepted: "True", Established: "True" });
    });
    clock.schedule(500, () => cluster.serve(true));
  });
  assert.equal(summary.counts.ready, 2);
  assert.equal(times.Widget, 850);
});

test("a definition that is established already is not waited for", async () => {
  const { summary, full, times } = await run(() => {}, true);
  assert.deepEqual([summary.counts.ready, full, times.Widget], [2, [], 0]);
});

test("a definition that is refused says why", async () => {
  const { summary } = await run((cluster, clock) => {
    clock.schedule(100, () => report(cluster, { NamesAccepted: "False" }));
  });
  assert.match(summary.errors[0]?.message ?? "", /its names are not accepted: why/);
});

test("a definition that is deleted meanwhile ends the waiting", async () => {
  const { summary } = await run((cluster, clock) => {
    clock.schedule(100, () => cluster.remove("CustomResourceDefinition", { name: "widgets.e.com" }));
  });
  assert.match(summary.errors[0]?.message ?? "", /was deleted while it was waited for/);
});
