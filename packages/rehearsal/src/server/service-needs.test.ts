import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { dropUnneeded } from "./service-needs.ts";

function service(spec: JsonObject): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "a" },
    spec,
    status: { loadBalancer: { x: 1 } },
  };
}

function dropped(spec: JsonObject, before: JsonObject): JsonObject {
  const next = service(structuredClone(spec));
  dropUnneeded(next, service(before));
  return { ...(next.spec as JsonObject), status: next.status ?? null };
}

const balanced: JsonObject = {
  type: "LoadBalancer",
  clusterIP: "10.96.0.1",
  clusterIPs: ["10.96.0.1"],
  ipFamilies: ["IPv4"],
  ipFamilyPolicy: "SingleStack",
  ports: [{ port: 80, nodePort: 30001 }],
  externalTrafficPolicy: "Local",
  healthCheckNodePort: 30002,
  allocateLoadBalancerNodePorts: true,
  loadBalancerClass: "a/b",
};

test("what a new type has no use for goes, as far as the writer left it as it was", () => {
  assert.deepEqual(dropped({ ...balanced, type: "ClusterIP" }, balanced), {
    type: "ClusterIP",
    clusterIP: "10.96.0.1",
    clusterIPs: ["10.96.0.1"],
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    ports: [{ port: 80 }],
    status: { loadBalancer: {} },
  });
  assert.deepEqual(dropped({ ...balanced, type: "ExternalName" }, balanced), {
    type: "ExternalName",
    ports: [{ port: 80 }],
    status: { loadBalancer: {} },
  });
  const changed: JsonObject = {
    ...balanced,
    type: "ExternalName",
    clusterIPs: ["10.96.0.2"],
    ipFamilies: ["IPv6"],
    ipFamilyPolicy: "PreferDualStack",
    ports: [{ port: 80, nodePort: 30003 }],
    externalTrafficPolicy: "Cluster",
    healthCheckNodePort: 30004,
    allocateLoadBalancerNodePorts: false,
    loadBalancerClass: "a/c",
  };
  assert.deepEqual(dropped(changed, balanced), { ...changed, status: { loadBalancer: {} } });
});

test("what a type still needs stays", () => {
  assert.deepEqual(dropped(balanced, balanced), { ...balanced, status: { loadBalancer: { x: 1 } } });
  const local = { ...balanced, externalTrafficPolicy: "Cluster" };
  assert.equal(dropped(local, balanced).healthCheckNodePort, undefined);
  const exposed = { type: "ClusterIP", externalIPs: ["192.0.2.1"], externalTrafficPolicy: "Local" };
  assert.equal(dropped(exposed, { ...balanced, type: "NodePort" }).externalTrafficPolicy, "Local");
});
