import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { refusal, startServer } from "./testing.ts";

const services = builtin("", "Service");
const here = (name: string) => ({ namespace: "default", name });

function service(name: string, spec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: here(name),
    spec: { ports: [{ port: 80 }], ...spec },
  };
}

interface ServiceSpec {
  clusterIP?: string;
  clusterIPs?: string[];
  ipFamilies?: string[];
  ports: { nodePort?: number }[];
  healthCheckNodePort?: number;
}

const specOf = (object: KubernetesObject) => object.spec as unknown as ServiceSpec;

test("a Service gets an address that no other has, and keeps it", async () => {
  const { client } = await startServer();
  const addresses = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const created = specOf(await client.create(services, service(`s${i}`)));
    assert.match(created.clusterIP ?? "", /^10\.96\.\d+\.\d+$/);
    assert.deepEqual(created.clusterIPs, [created.clusterIP]);
    addresses.add(created.clusterIP ?? "");
  }
  assert.equal(addresses.size, 20);
  const before = specOf(await client.get(services, here("s0")));
  const updated = await client.update(services, service("s0", { ports: [{ port: 81 }] }));
  assert.equal(specOf(updated).clusterIP, before.clusterIP);
  await assert.rejects(
    client.update(services, service("s0", { clusterIP: "10.96.99.99" })),
    refusal(422, /spec\.clusterIPs\[0\]: Invalid value: .*may not change once set/),
  );
  await assert.rejects(
    client.create(services, service("twin", { clusterIP: before.clusterIP ?? "" })),
    refusal(422, /provided IP is already allocated/),
  );
  await assert.rejects(
    client.create(services, service("far", { clusterIP: "192.168.0.1" })),
    refusal(422, /the provided network does not match the current range/),
  );
});

test("a headless Service has none, and one without selector is of both families", async () => {
  const { client } = await startServer();
  const selecting = service("a", { clusterIP: "None", selector: { app: "a" } });
  const headless = specOf(await client.create(services, selecting));
  assert.deepEqual([headless.clusterIP, headless.ipFamilies], ["None", ["IPv4"]]);
  const external = service("b", { type: "ExternalName", externalName: "example.com" });
  assert.equal(specOf(await client.create(services, external)).clusterIP, undefined);
});

test("node ports are allocated, kept, and given back with the type", async () => {
  const { client } = await startServer();
  const created = specOf(await client.create(services, service("n", { type: "NodePort" })));
  const port = created.ports[0]?.nodePort ?? 0;
  assert.ok(port >= 30_000 && port < 32_768);
  const again = specOf(await client.update(services, service("n", { type: "NodePort" })));
  assert.equal(again.ports[0]?.nodePort, port);
  await assert.rejects(
    client.create(services, service("m", { type: "NodePort", ports: [{ port: 80, nodePort: port }] })),
    refusal(422, /provided port is already allocated/),
  );
  const balanced = service("l", { type: "LoadBalancer", externalTrafficPolicy: "Local" });
  assert.ok(specOf(await client.create(services, balanced)).healthCheckNodePort);
  const plain = specOf(await client.update(services, service("n", { type: "ClusterIP" })));
  assert.equal(plain.ports[0]?.nodePort, undefined);
});

test("a Service in a cluster of one family has that one", async () => {
  const { client } = await startServer();
  const create = async (name: string, spec: JsonObject) =>
    specOf(await client.create(services, service(name, spec)));
  const families = ({ ipFamilies, ipFamilyPolicy }: JsonObject) => [ipFamilies, ipFamilyPolicy];
  const seen = async (name: string, spec: JsonObject) =>
    families((await create(name, spec)) as unknown as JsonObject);
  assert.deepEqual(await seen("a", {}), [["IPv4"], "SingleStack"]);
  assert.deepEqual(await seen("b", { ipFamilyPolicy: "PreferDualStack" }), [["IPv4"], "PreferDualStack"]);
  assert.deepEqual(await seen("c", { clusterIP: "None" }), [["IPv4", "IPv6"], "RequireDualStack"]);
  assert.deepEqual(await seen("d", { clusterIP: "None", ipFamilies: ["IPv6"] }), [
    ["IPv6", "IPv4"],
    "RequireDualStack",
  ]);
  const refused = (spec: JsonObject, message: RegExp) =>
    assert.rejects(client.create(services, service("x", spec)), refusal(422, message));
  await refused(
    { ipFamilyPolicy: "RequireDualStack" },
    /this cluster is not configured for dual-stack services/,
  );
  await refused({ ipFamilies: ["IPv6"] }, /spec\.ipFamilies\[0\]: .*not configured on this cluster/);
  await refused({ ipFamilies: ["IPv4", "IPv6"] }, /when multiple IP families are specified/);
  await refused({ clusterIP: "fd00::1" }, /IPv6 is not configured on this cluster/);
});

test("a headless Service of both families that gets a selector must say that it has one", async () => {
  const { client } = await startServer();
  await client.create(services, service("a", { clusterIP: "None" }));
  const selecting = (more: JsonObject) =>
    client.update(services, service("a", { clusterIP: "None", selector: { app: "a" }, ...more }));
  await assert.rejects(selecting({}), refusal(422, /not configured for dual-stack/));
  const single = specOf(await selecting({ ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4", "IPv6"] }));
  assert.deepEqual(single.ipFamilies, ["IPv4"]);
});

test("one port in several protocols has one node port, and one that is asked for is respected", async () => {
  const { client } = await startServer();
  const ports = [
    { name: "a", port: 53, protocol: "TCP" },
    { name: "b", port: 53, protocol: "UDP", nodePort: 30053 },
    { name: "c", port: 80 },
  ];
  const created = specOf(await client.create(services, service("n", { type: "NodePort", ports })));
  assert.deepEqual(
    created.ports.slice(0, 2).map(({ nodePort }) => nodePort),
    [30053, 30053],
  );
  assert.notEqual(created.ports[2]?.nodePort, 30053);
  const shared = ports.slice(0, 2).map(({ name, port, protocol }) => ({ name, port, protocol }));
  const both = specOf(await client.create(services, service("s", { type: "NodePort", ports: shared })));
  assert.ok(both.ports[0]?.nodePort);
  assert.equal(both.ports[1]?.nodePort, both.ports[0]?.nodePort);
  const again = ports.map(({ nodePort: _, ...port }) => port);
  const kept = specOf(await client.update(services, service("n", { type: "NodePort", ports: again })));
  assert.deepEqual(kept.ports, created.ports);
  const balanced = (healthCheckNodePort: number) =>
    service("l", { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort });
  await assert.rejects(
    client.create(services, balanced(80)),
    refusal(
      500,
      /failed to allocate requested HealthCheck NodePort 80: provided port is not in the valid range/,
    ),
  );
  assert.equal(specOf(await client.create(services, balanced(30080))).healthCheckNodePort, 30080);
});
