import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { at, deployment, startTestCluster } from "../test-cluster.ts";

function service(name: string, spec: object = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: "http" }], ...spec },
  };
}

const named = {
  containers: [
    { name: "web", image: "registry.example/web:1", ports: [{ name: "http", containerPort: 8080 }] },
  ],
};

test("a Service's endpoints are its pods, ready when they are, under the ports that names resolve to", async (t) => {
  const { clock, create, list, read } = await startTestCluster(t);
  await create(service("web"), deployment("web", { replicas: 2 }, named));
  await clock.sleep(1_000);
  const before = await read("Endpoints", "default/web");
  assert.equal(at(before, "subsets", 0, "addresses"), undefined);
  assert.equal((at(before, "subsets", 0, "notReadyAddresses") as unknown[]).length, 2);
  await clock.sleep(30_000);
  const [slice, ...others] = (await list("EndpointSlice", "default")).filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "web",
  );
  assert.equal(others.length, 0);
  assert.deepEqual(at(slice, "ports"), [{ name: "http", port: 8080, protocol: "TCP" }]);
  const endpoints = at(slice, "endpoints") as KubernetesObject[];
  const pods = await list("Pod", "default");
  assert.deepEqual(
    endpoints.map((endpoint) => at(endpoint, "addresses", 0)).sort(),
    pods.map((pod) => at(pod, "status", "podIP")).sort(),
  );
  assert.ok(endpoints.every((endpoint) => at(endpoint, "conditions", "ready") === true));
  const after = await read("Endpoints", "default/web");
  assert.equal((at(after, "subsets", 0, "addresses") as unknown[]).length, 2);
});

test("endpoints leave when the Deployment shrinks, and the slice when the Service goes", async (t) => {
  const { clock, create, merge, list, remove, find } = await startTestCluster(t);
  await create(service("web"), deployment("web", { replicas: 2 }, named));
  await clock.sleep(30_000);
  await merge("Deployment", "default/web", { spec: { replicas: 0 } });
  await clock.sleep(30_000);
  const slices = async () =>
    (await list("EndpointSlice", "default")).filter(
      ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "web",
    );
  assert.equal(at((await slices())[0], "endpoints") ?? null, null);
  await remove("Service", "default/web");
  await clock.sleep(30_000);
  assert.deepEqual(await slices(), []);
  assert.equal(await find("Endpoints", "default/web"), undefined);
});

test("addresses that are wanted before they are ready count as ready", async (t) => {
  const { clock, create, list } = await startTestCluster(t);
  const early = {
    ...named,
    containers: named.containers.map((one) => ({ ...one, readinessProbe: { tcpSocket: { port: 1 } } })),
  };
  await create(
    service("web", { clusterIP: "None", publishNotReadyAddresses: true }),
    deployment("web", {}, early),
  );
  let seen: unknown;
  for (let step = 0; step < 300 && seen === undefined; step += 1) {
    await clock.sleep(100);
    const [slice] = (await list("EndpointSlice", "default")).filter(
      ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "web",
    );
    seen = at(slice, "endpoints", 0, "conditions", "ready");
  }
  const [pod] = (await list("Pod", "default")).filter(({ metadata }) => metadata.labels?.app === "web");
  const ready = (at(pod, "status", "conditions") as { type: string; status: string }[]).find(
    ({ type }) => type === "Ready",
  );
  assert.deepEqual([seen, ready?.status], [true, "False"]);
});

test("LoadBalancer Services get addresses of their own, and lose them with the type", async (t) => {
  const { clock, create, read, merge } = await startTestCluster(t);
  await create(service("a", { type: "LoadBalancer" }), service("b", { type: "LoadBalancer" }), service("c"));
  await clock.sleep(1_000);
  const address = async (name: string) =>
    at(await read("Service", `default/${name}`), "status", "loadBalancer", "ingress", 0, "ip");
  assert.deepEqual([await address("a"), await address("b"), await address("c")].sort(), [
    "172.18.255.1",
    "172.18.255.2",
    undefined,
  ]);
  await merge("Service", "default/a", { spec: { type: "ClusterIP" } });
  await clock.sleep(1_000);
  assert.equal(await address("a"), undefined);
});
