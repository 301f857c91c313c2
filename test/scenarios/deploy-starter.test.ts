// The starter platform deployed on the embedded cluster: reproducible, stoppable, resumed where it stopped,
// and refused without order.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createJournal, type DeployEvent, deploy, findOrderRefusals, readLastRun } from "@slipway/deploy";
import { type Graph, inferGraph } from "@slipway/graph";
import { createClient, createMapper, type Transport } from "@slipway/kubernetes";
import { buildBundle, loadPlatform, runtimeFacts } from "@slipway/platform";
import { type Cluster, startCluster } from "@slipway/rehearsal";

const bundle = buildBundle(await loadPlatform({ starter: true }));
const graph = inferGraph(bundle.resources, { facts: runtimeFacts });
const mapper = createMapper({ crds: bundle.resources.map((resource) => resource.object) });

/** Deploys the starter platform on a cluster. */
async function up(
  cluster: Cluster,
  more: {
    graph?: Graph;
    signal?: AbortSignal;
    transport?: Transport;
    emit?: (event: DeployEvent) => void;
  } = {},
) {
  const events: DeployEvent[] = [];
  const summary = await deploy({
    graph: more.graph ?? graph,
    client: createClient({ transport: more.transport ?? cluster.transport, userAgent: "slipway-scenario" }),
    mapper,
    clock: cluster.clock,
    release: bundle.release,
    cluster: "embedded",
    run: "run",
    emit(event) {
      events.push(event);
      more.emit?.(event);
    },
    ...(more.signal ? { signal: more.signal } : {}),
  });
  return { summary, events };
}

test("the starter platform comes up in order, and the same seed gives the same events", async () => {
  const runs: string[] = [];
  for (let repetition = 0; repetition < 2; repetition++) {
    const cluster = await startCluster({ seed: 3 });
    const { summary, events } = await up(cluster);
    assert.deepEqual([summary.errors, summary.refused], [[], 0]);
    assert.equal(summary.counts.ready, bundle.resources.length);
    assert.deepEqual(findOrderRefusals(cluster.audit), []);
    runs.push(events.map((event) => JSON.stringify(event)).join("\n"));
    await cluster.stop();
  }
  assert.equal(runs[0], runs[1]);
});

test("without the graph's edges the same proof fails", async () => {
  const cluster = await startCluster({ seed: 3 });
  // Last first, or kustomize's own order of kinds would hide most of it.
  const unordered = { ...graph, nodes: new Map([...graph.nodes].reverse()), edges: [] };
  const { summary } = await up(cluster, { graph: unordered });
  const missing = new Set(findOrderRefusals(cluster.audit).map((refusal) => refusal.missing));
  await cluster.stop();
  assert.ok(summary.refused > 100);
  for (const kind of ["namespace", "service account", "webhook"] as const) assert.ok(missing.has(kind), kind);
});

test("a run that was stopped goes on where it stopped; its journal says how far it came", async () => {
  const directory = mkdtempSync(join(tmpdir(), "runs-"));
  const cluster = await startCluster({ seed: 3 });
  const stopping = new AbortController();
  const journal = createJournal({ directory, run: "first" });
  let ready = 0;
  const stopped = await up(cluster, {
    signal: stopping.signal,
    emit(event) {
      journal.record(event);
      if (event.type === "state" && event.state === "ready" && ++ready === 60)
        stopping.abort(new Error("Ctrl-C"));
    },
  });
  journal.close();
  const run = readLastRun(directory);
  rmSync(directory, { recursive: true });
  assert.equal(run?.outcome, "stopped");
  assert.deepEqual(run?.summary, stopped.summary);
  assert.ok(stopped.summary.counts.skipped > 0);
  assert.ok(stopped.summary.counts.ready >= 60);

  const resumed = await up(cluster);
  assert.equal(resumed.summary.counts.ready, bundle.resources.length);
  assert.deepEqual(findOrderRefusals(cluster.audit), []);
  await cluster.stop();
});

test("a server that is overloaded now and then is given time, and everything gets there", async () => {
  const cluster = await startCluster({ seed: 3 });
  let count = 0;
  const overloaded: Transport = async (request) => {
    if (request.method !== "PATCH" || ++count % 5 !== 0) return cluster.transport(request);
    const body = JSON.stringify({
      kind: "Status",
      code: 429,
      reason: "TooManyRequests",
      message: "too many requests",
    });
    return { status: 429, headers: { "retry-after": "1" }, text: async () => body, async *lines() {} };
  };
  const { summary } = await up(cluster, { transport: overloaded });
  await cluster.stop();
  assert.equal(summary.counts.ready, bundle.resources.length);
  assert.ok(summary.retries > 20);
});

test("connections that break are opened again, watches among them", async () => {
  const cluster = await startCluster({ seed: 3 });
  let count = 0;
  const breaking: Transport = async (request) => {
    if (++count % 7 === 0) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    const answer = await cluster.transport(request);
    if (!request.path.includes("watch=true")) return answer;
    return {
      ...answer,
      async *lines() {
        let left = 4;
        for await (const line of answer.lines()) {
          yield line;
          if (--left === 0) throw new Error("connection reset");
        }
      },
    };
  };
  const { summary } = await up(cluster, { transport: breaking });
  await cluster.stop();
  assert.deepEqual(summary.errors, []);
  assert.equal(summary.counts.ready, bundle.resources.length);
});
