import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "../controllers/kinds/cluster.ts";
import type { Pod, PodSpec } from "../controllers/kinds/pod.ts";
import { findMisfit, type NodeInfo, sumRequests } from "./fit.ts";
import { formatQuantity } from "./quantity.ts";
import { choose } from "./scheduler.ts";

function node(name: string, spec: Node["spec"] = {}, labels = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec,
    status: { allocatable: { cpu: "2", memory: "4Gi", pods: "3" } },
  };
}

function pod(name: string, spec: Partial<PodSpec> = {}, labels = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels },
    spec: { containers: [{ name: "main" }], ...spec },
  };
}

function asking(cpu: string): Partial<PodSpec> {
  return { containers: [{ name: "main", resources: { requests: { cpu } } }] };
}

const on = (one: Node, ...pods: Pod[]): NodeInfo => ({ node: one, pods });
const misfit = (one: Pod, info: NodeInfo) => findMisfit(one, info, [info])?.reasons.join(" and ");

test("a pod fits where its selector, affinity, taints and requests allow it", () => {
  const gpu = node("gpu", {}, { accelerator: "a100", slots: "8" });
  const terms = (operator: string, ...values: string[]) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "slots", operator, values }] }],
        },
      },
    },
  });
  const elsewhere = "node(s) didn't match Pod's node affinity/selector";
  assert.equal(misfit(pod("a", { nodeSelector: { accelerator: "a100" } }), on(gpu)), undefined);
  assert.equal(misfit(pod("a", { nodeSelector: { accelerator: "h100" } }), on(gpu)), elsewhere);
  assert.equal(misfit(pod("a", terms("Gt", "4")), on(gpu)), undefined);
  assert.equal(misfit(pod("a", terms("Gt", "8")), on(gpu)), elsewhere);
  assert.equal(misfit(pod("a", terms("NotIn", "8")), on(gpu)), elsewhere);

  const tainted = node("tainted", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] });
  assert.equal(misfit(pod("a"), on(tainted)), "node(s) had untolerated taint(s)");
  assert.equal(
    misfit(pod("a", { tolerations: [{ key: "gpu", operator: "Exists" }] }), on(tainted)),
    undefined,
  );
  assert.equal(
    misfit(pod("a", { tolerations: [{ key: "gpu", value: "no" }] }), on(tainted)),
    "node(s) had untolerated taint(s)",
  );
  assert.equal(misfit(pod("a"), on(node("off", { unschedulable: true }))), "node(s) were unschedulable");

  const busy = on(node("busy"), pod("b", asking("1500m")));
  assert.equal(misfit(pod("a", asking("500m")), busy), undefined);
  assert.equal(misfit(pod("a", asking("501m")), busy), "Insufficient cpu");
  assert.equal(misfit(pod("a"), on(node("full"), pod("b"), pod("c"), pod("d"))), "Too many pods");
  const done = pod("b", asking("2"));
  done.status = { phase: "Succeeded" };
  assert.equal(misfit(pod("a", asking("2")), on(node("idle"), done)), undefined);
});

test("pods that are to be apart get nodes of their own; those that are to be together share one", () => {
  const term = { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" };
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
  const apart = pod("a", { affinity: { podAntiAffinity: required } }, { app: "db" });
  const together = pod("a", { affinity: { podAffinity: required } }, { app: "web" });
  const nodes = [on(node("one"), pod("db-0", {}, { app: "db" })), on(node("two"))];
  assert.equal((choose(apart, nodes) as Node).metadata.name, "two");
  assert.equal((choose(together, nodes) as Node).metadata.name, "one");
  assert.equal(
    choose(together, [on(node("two"))]),
    "0/1 nodes are available: 1 node(s) didn't match pod affinity rules. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
  );
});

test("of fitting nodes the preferred one is taken, then the emptiest", () => {
  const preference = { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] };
  const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference }] };
  const ssd = on(node("ssd", {}, { disk: "ssd" }), pod("x"), pod("y"));
  const nodes = [on(node("empty")), ssd, on(node("half"), pod("z"))];
  assert.equal((choose(pod("a"), nodes) as Node).metadata.name, "empty");
  assert.equal(
    (choose(pod("a", { affinity: { nodeAffinity: preferred } }), nodes) as Node).metadata.name,
    "ssd",
  );
  assert.equal(choose(pod("a"), []), "no nodes available to schedule pods");
});

test("reasons are counted over the nodes", () => {
  const nodes = [
    on(node("a", { unschedulable: true })),
    on(node("b", { unschedulable: true })),
    on(node("c"), pod("x", asking("2"))),
  ];
  assert.equal(
    choose(pod("p", asking("1")), nodes),
    "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
  );
  const greedy = { containers: [{ name: "main", resources: { requests: { cpu: "9", memory: "9Gi" } } }] };
  assert.equal(
    choose(pod("p", greedy), nodes),
    "0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 2 node(s) were unschedulable. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
  );
});

test("requests add up over containers and sidecars; an init container counts where it needs more", () => {
  const spec: Partial<PodSpec> = {
    containers: [
      { name: "a", resources: { requests: { cpu: "250m", memory: "1Gi" } } },
      { name: "b", resources: { requests: { cpu: "0.5" } } },
    ],
    initContainers: [
      { name: "setup", resources: { requests: { memory: "2Gi", cpu: "100m" } } },
      { name: "proxy", restartPolicy: "Always", resources: { requests: { cpu: "1" } } },
    ],
  };
  assert.deepEqual(Object.fromEntries(sumRequests(pod("p", spec))), { cpu: 1.75, memory: 2 * 2 ** 30 });
  const whole = { ...spec, resources: { requests: { cpu: "1" } } };
  assert.deepEqual(Object.fromEntries(sumRequests(pod("p", whole))), { cpu: 1, memory: 2 * 2 ** 30 });
});

test("quantities are written as people write them", () => {
  assert.equal(formatQuantity("requests.cpu", 1.75), "1750m");
  assert.equal(formatQuantity("cpu", 2), "2");
  assert.equal(formatQuantity("requests.memory", 2 ** 30), "1Gi");
  assert.equal(formatQuantity("requests.storage", 1.5 * 2 ** 30), "1536Mi");
  assert.equal(formatQuantity("memory", 1000), "1000");
});
