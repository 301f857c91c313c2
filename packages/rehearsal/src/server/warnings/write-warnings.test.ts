import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { ServedType } from "../registry.ts";
import { writeWarnings } from "./write-warnings.ts";

function told(collection: string, body: JsonObject, old?: JsonObject): string[] {
  const object = (fields: JsonObject) =>
    ({ metadata: { name: "a" }, ...fields }) as unknown as KubernetesObject;
  return writeWarnings({ collection } as ServedType, object(body), old && object(old));
}

const pod = (spec: JsonObject) => told("/pods", { spec });

test("a name that becomes a host's is a label", () => {
  const text = "which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
  assert.deepEqual(told("/pods", { metadata: { name: "a.b" } }), [
    `metadata.name: this is used in the Pod's hostname, ${text}`,
  ]);
  assert.deepEqual(told("batch/jobs", { metadata: { name: "a.b" } }), [
    `metadata.name: this is used in Pod names and hostnames, ${text}`,
  ]);
  assert.deepEqual(told("apps/statefulsets", { metadata: { name: "a.b" } }), []);
});

test("a template is looked at again when it may have changed", () => {
  const spec = { template: { spec: { nodeSelector: { "beta.kubernetes.io/os": "linux" } } } };
  const at = (generation: number) => ({ metadata: { name: "a", generation }, spec });
  const advice = [
    'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
  ];
  assert.deepEqual(told("apps/deployments", at(1)), advice);
  assert.deepEqual(told("apps/deployments", at(1), at(1)), []);
  assert.deepEqual(told("apps/deployments", at(2), at(1)), advice);
  const daemons = (count: string) => ({
    metadata: { name: "a", annotations: { "deprecated.daemonset.template.generation": count } },
    spec,
  });
  assert.deepEqual(told("apps/daemonsets", daemons("1"), daemons("1")), []);
  assert.deepEqual(told("apps/daemonsets", daemons("2"), daemons("1")), advice);
  assert.deepEqual(told("/pods", { spec: spec.template.spec }, { spec: {} }), []);
});

test("ports that say the same twice, or almost", () => {
  const ports = (...list: JsonObject[]) => pod({ containers: [{ name: "a", ports: list }] });
  const port = { containerPort: 80, protocol: "TCP" };
  const [one, two] = ["spec.containers[0].ports[0]", "spec.containers[0].ports[1]"];
  assert.deepEqual(ports(port, { ...port, containerPort: 81 }), []);
  assert.deepEqual(ports(port, port), [`${two}: duplicate port definition with ${one}`]);
  assert.deepEqual(ports(port, { ...port, hostPort: 8080 }), [
    `${two}: overlapping port definition with ${one}`,
  ]);
  assert.deepEqual(ports({ ...port, hostPort: 1 }, { ...port, hostPort: 1, hostIP: "1.1.1.1" }), [
    `${two}: dangerously ambiguous port definition with ${one}`,
  ]);
  assert.deepEqual(ports({ ...port, hostIP: "1.1.1.1" }), [
    `${one}: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 Protocol:TCP HostIP:1.1.1.1}`,
  ]);
  assert.deepEqual(ports({ ...port, name: "a" }, { ...port, containerPort: 81, name: "a" }), [
    `${two}: duplicate port name "a" with ${one}, services and probes that select ports by name will use ${one}`,
  ]);
});

test("variables that hide another, but not those that go on with it", () => {
  const env = (...values: JsonObject[]) =>
    pod({ containers: [{ name: "a", env: values.map((value) => ({ name: "A", ...value })) }] });
  const hides = [
    'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
  ];
  assert.deepEqual(env({ value: "a" }, { value: "$(A)b" }), []);
  assert.deepEqual(env({ value: "a" }, { value: "b" }), hides);
  assert.deepEqual(env({ value: "a" }, { value: "$(A)" }), hides);
  assert.deepEqual(env({ value: "a" }, { valueFrom: {} }), hides);
});

test("files of a volume that hide one another", () => {
  const volume = (name: string, source: JsonObject) => pod({ volumes: [{ name, ...source }] });
  const items = [
    { key: "a", path: "a/" },
    { key: "b", path: "a/b" },
    { key: "c", path: "ab" },
  ];
  assert.deepEqual(volume("v", { configMap: { name: "m", items } }), [
    'volume "v" (ConfigMap "m"): overlapping paths: "a/b" with "a"',
  ]);
  const sources = [
    { secret: { name: "s", items: [items[0] ?? {}] } },
    { serviceAccountToken: { path: "a" } },
    {},
  ];
  assert.deepEqual(volume("v", { projected: { sources } }), [
    'volume "v" (Projected) has no sources provided',
    'volume "v" (Projected): overlapping paths: "a" (ServiceAccountToken) with "a" (Secret "s")',
  ]);
});

test("profiles in annotations of a template are of no use, unless the pod says the same", () => {
  const key = "container.apparmor.security.beta.kubernetes.io/a";
  const template = (spec: JsonObject) => ({
    spec: {
      template: {
        metadata: {
          annotations: { [key]: "localhost/x", "container.seccomp.security.alpha.kubernetes.io/a": "x" },
        },
        spec: { containers: [{ name: "a", securityContext: { seccompProfile: {} } }], ...spec },
      },
    },
  });
  const advice = [
    `spec.template.metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
  ];
  assert.deepEqual(told("apps/replicasets", template({})), advice);
  const same = { securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: "x" } } };
  assert.deepEqual(told("apps/replicasets", template(same)), []);
});

test("what a Service says that means nothing to it", () => {
  const service = (spec: JsonObject) => told("/services", { spec: { sessionAffinity: "None", ...spec } });
  assert.deepEqual(service({ type: "ClusterIP", clusterIPs: ["10.96.0.1"] }), []);
  assert.deepEqual(service({ clusterIPs: ["None"], externalIPs: ["1.1.1.1"], sessionAffinity: "ClientIP" }), [
    "spec.externalIPs is ignored for headless services",
    "spec.SessionAffinity is ignored for headless services",
  ]);
  assert.deepEqual(service({ externalName: "a", trafficDistribution: "PreferClose" }), [
    'spec.externalName is ignored when spec.type is not "ExternalName"',
    'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
  ]);
});

test("certificates that are none, and what else is of old", () => {
  const data = (certificate: string, key: string) => ({
    type: "kubernetes.io/tls",
    data: Object.fromEntries(
      Object.entries({ "tls.crt": certificate, "tls.key": key }).map(([name, text]) => [name, btoa(text)]),
    ),
  });
  const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
  assert.deepEqual(told("/secrets", data("x", "y")), [
    "tls: failed to find any PEM data in certificate input",
  ]);
  assert.deepEqual(told("/secrets", data(pem, "y")), ["tls: failed to find any PEM data in key input"]);
  assert.deepEqual(told("discovery.k8s.io/endpointslices", { addressType: "FQDN" }), [
    "spec.addressType: FQDN endpoints are deprecated",
  ]);
  assert.deepEqual(
    told("discovery.k8s.io/endpointslices", { addressType: "FQDN" }, { addressType: "FQDN" }),
    [],
  );
  assert.deepEqual(
    told("/persistentvolumes", { spec: { persistentVolumeReclaimPolicy: "Recycle", rbd: {} } }).map((text) =>
      text.slice(0, 40),
    ),
    ["spec.persistentVolumeReclaimPolicy: The ", "spec.rbd: deprecated in v1.28, non-funct"],
  );
  assert.deepEqual(
    told("/persistentvolumeclaims", { spec: { resources: { requests: { storage: "100m" } } } }),
    ['spec.resources.requests[storage]: fractional byte value "100m" is invalid, must be an integer'],
  );
});
