// Release 26.03 deployed on the embedded cluster: in order, again, and removed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type DeployEvent, deploy, findOrderRefusals, membershipLabel, remove } from "@slipway/deploy";
import { type Graph, inferGraph } from "@slipway/graph";
import {
  builtin,
  type Client,
  createClient,
  createMapper,
  discover,
  identify,
  type KubernetesObject,
  objectKey,
  type ResourceMapper,
} from "@slipway/kubernetes";
import { runtimeFacts } from "@slipway/platform";
import { type Cluster, startCluster } from "@slipway/rehearsal";
import { readYaml } from "@slipway/yaml";
import { fixture, skipWithout } from "../support/fixtures.ts";

const path = fixture("golden/26.03/example.yaml.gz");
const skip = skipWithout(path);

function readRelease(): KubernetesObject[] {
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  return readYaml(text).map((document) => document.value as KubernetesObject);
}

interface Deployment {
  readonly cluster: Cluster;
  readonly client: Client;
  readonly mapper: ResourceMapper;
  readonly graph: Graph;
  up(): Promise<{ summary: Awaited<ReturnType<typeof deploy>>; events: DeployEvent[] }>;
}

/** A cluster, and the release ready to be deployed on it. */
async function prepare(): Promise<Deployment> {
  const objects = readRelease();
  const cluster = await startCluster({ seed: 7 });
  const graph = inferGraph(
    objects.map((object) => ({ object })),
    { facts: runtimeFacts },
  );
  const client = createClient({ transport: cluster.transport, userAgent: "slipway-scenario" });
  const mapper = createMapper({ crds: objects });
  const up = async () => {
    const events: DeployEvent[] = [];
    const summary = await deploy({
      graph,
      client,
      mapper,
      clock: cluster.clock,
      release: "26.03",
      cluster: "embedded",
      run: "run",
      emit: (event) => events.push(event),
    });
    return { summary, events };
  };
  return { cluster, client, mapper, graph, up };
}

/** An object without what even a write that changes nothing may touch. */
function comparable(object: KubernetesObject | undefined) {
  assert.ok(object);
  const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

describe("release 26.03 in order", { skip }, () => {
  let deployment: Deployment;
  let first: Awaited<ReturnType<Deployment["up"]>>;
  before(async () => {
    deployment = await prepare();
    first = await deployment.up();
  });
  after(() => deployment.cluster.stop());

  /** Every object of the release as it is on the cluster, by key. */
  const readLive = async (): Promise<Map<string, KubernetesObject>> => {
    const live = new Map<string, KubernetesObject>();
    const types = new Map(
      [...deployment.graph.nodes.values()].flatMap((node) => {
        const type = node.type === "object" ? deployment.mapper.findFor(node.object) : undefined;
        return type ? [[`${type.group}/${type.version}/${type.resource}`, type] as const] : [];
      }),
    );
    for (const type of types.values()) {
      const { items } = await deployment.client.list(type, { labelSelector: membershipLabel });
      for (const object of items) live.set(objectKey(identify(object)), object);
    }
    return live;
  };

  test("all 675 objects are ready, each written once and none refused", () => {
    const { counts, writes, refused, retries, errors } = first.summary;
    assert.deepEqual(errors, []);
    assert.deepEqual(
      { ready: counts.ready, writes, refused, retries },
      { ready: 675, writes: 675, refused: 0, retries: 0 },
    );
  });

  test("the server's log shows no write refused because something was not there yet", () => {
    assert.deepEqual(findOrderRefusals(deployment.cluster.audit), []);
  });

  test("definitions are written together, before time passes for anything to become ready", () => {
    const begun = first.events.flatMap((event) =>
      event.type === "state" && event.state === "applying" && event.node.includes("CustomResourceDefinition:")
        ? [event.at]
        : [],
    );
    const pods = first.events.find(
      (event) =>
        event.type === "state" && event.state === "ready" && event.node.startsWith("apps/Deployment:"),
    );
    assert.equal(begun.length, 74);
    assert.ok(
      Math.max(...begun) - Math.min(...begun) < 1_000,
      `${Math.min(...begun)} to ${Math.max(...begun)}`,
    );
    assert.ok(pods?.type === "state" && Math.max(...begun) < pods.at);
  });

  test("no edge of the graph was jumped", () => {
    const begun = new Map<string, number>();
    const ready = new Map<string, number>();
    for (const event of first.events) {
      if (event.type !== "state") continue;
      if (event.state === "applying" && !begun.has(event.node)) begun.set(event.node, event.at);
      if (event.state === "ready") ready.set(event.node, event.at);
    }
    const jumped = deployment.graph.edges.filter(({ from, to, until }) => {
      const start = begun.get(from);
      const needed = until === "ready" ? ready.get(to) : begun.get(to);
      return start !== undefined && needed !== undefined && start < needed;
    });
    assert.deepEqual(jumped, []);
    assert.ok(deployment.graph.edges.length > 1_000);
  });

  test("the tenant's namespace gets what pipelines need in it", async () => {
    const namespace = "kubeflow-user-example-com";
    await deployment.cluster.clock.sleep(30_000);
    await deployment.client.get(builtin("", "ConfigMap"), { namespace, name: "kfp-launcher" });
    await deployment.client.get(builtin("", "Secret"), { namespace, name: "mlpipeline-minio-artifact" });
  });

  test("a second run changes no object: what controllers filled in stays", async () => {
    const before = await readLive();
    assert.equal(before.size, 675);
    const { summary } = await deployment.up();
    assert.deepEqual([summary.counts.ready, summary.refused, summary.errors], [675, 0, []]);
    const after = await readLive();
    for (const [key, object] of before) assert.deepEqual(comparable(after.get(key)), comparable(object), key);
  });

  test("down removes all of it, and nothing that the cluster had before", async () => {
    const { resources } = await discover({
      transport: deployment.cluster.transport,
      userAgent: "slipway-scenario",
    });
    const { client } = deployment;
    const summary = await remove({
      client,
      mapper: createMapper({ discovered: resources }),
      clock: deployment.cluster.clock,
      emit: () => {},
    });
    assert.deepEqual([summary.deleted, summary.kept, summary.errors], [675, 0, []]);
    const definitions = await client.list(builtin("apiextensions.k8s.io", "CustomResourceDefinition"));
    assert.deepEqual(definitions.items, []);
    const namespaces = await client.list(builtin("", "Namespace"));
    assert.deepEqual(namespaces.items.map((object) => object.metadata.name).sort(), [
      "default",
      "kube-node-lease",
      "kube-public",
      "kube-system",
    ]);
  });
});
