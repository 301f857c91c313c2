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
