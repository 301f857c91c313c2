import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";
import { decodeBuiltin } from "./decode.ts";
import { asOwned, asStored, asWritten } from "./empty-values.ts";

function read(apiVersion: string, kind: string, body: JsonObject) {
  return decodeBuiltin({ apiVersion, kind, metadata: { name: "x" }, ...body } as KubernetesObject);
}

test("unknown fields are removed and named", () => {
  const { object, unknownFields } = read("v1", "Pod", {
    spec: { containers: [{ name: "a", image: "b", imagee: "c" }], typo: {} },
  });
  assert.deepEqual(unknownFields, ["spec.containers[0].imagee", "spec.typo"]);
  assert.equal((object.spec as JsonObject).typo, undefined);
});

test("empty values go as the server's types let them go", () => {
  const { object } = read("rbac.authorization.k8s.io/v1", "ClusterRole", { rules: [] });
  assert.deepEqual(object.rules, []);
  assert.equal(asWritten(object).rules, object.rules);
  assert.equal(asStored(object).rules, null);
  const empty = read("networking.k8s.io/v1", "NetworkPolicy", {
    spec: { ingress: [], podSelector: {} },
  }).object;
  assert.deepEqual((empty.spec as JsonObject).ingress, []);
  assert.deepEqual(asWritten(empty).spec, { podSelector: {}, policyTypes: ["Ingress"] });
  const pod = read("v1", "Pod", {
    spec: {
      hostNetwork: false,
      hostname: "",
      automountServiceAccountToken: false,
      containers: [{ name: "a", image: "b:1", tty: false }],
    },
  }).object.spec as JsonObject;
  assert.equal(pod.hostNetwork, undefined);
  assert.equal(pod.hostname, undefined);
  assert.equal(pod.automountServiceAccountToken, false);
  const [container] = pod.containers as JsonObject[];
  assert.deepEqual(container?.resources, {});
  assert.equal(container?.tty, undefined);
});

test("quantities, times and secret texts take their stored form", () => {
  const claim = read("v1", "PersistentVolumeClaim", {
    spec: { resources: { requests: { storage: "1024Mi" } } },
  });
  assert.deepEqual((claim.object.spec as JsonObject).resources, { requests: { storage: "1Gi" } });
  const secret = read("v1", "Secret", { data: { a: "eA==", b: "eA==" }, stringData: { b: "y" } }).object;
  assert.deepEqual(secret.data, { a: "eA==", b: "eQ==" });
  assert.equal(secret.stringData, undefined);
  assert.equal(secret.type, "Opaque");
  const lease = read("coordination.k8s.io/v1", "Lease", {
    spec: { renewTime: "2026-01-02T04:04:05.123400+01:00" },
  });
  assert.deepEqual(lease.object.spec, { renewTime: "2026-01-02T03:04:05.123400Z" });
});

test("a value of the wrong type is refused in the server's words", () => {
  assert.throws(
    () => read("apps/v1", "Deployment", { spec: { replicas: "3" } }),
    (error: StatusError) => {
      assert.ok(error instanceof StatusError);
      assert.equal(error.code, 400);
      assert.equal(
        error.message,
        'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      );
      return true;
    },
  );
  assert.throws(
    () => read("v1", "Secret", { data: { a: "not base64!" } }),
    /illegal base64 data at input byte 3/,
  );
});

test("a pod gets its own defaults on top of its template's", () => {
  const { object } = read("v1", "Pod", {
    spec: {
      hostNetwork: true,
      serviceAccount: "sa",
      containers: [
        {
          name: "a",
          image: "repo:5000/img",
          ports: [{ containerPort: 80 }],
          resources: { limits: { cpu: "1" } },
          readinessProbe: { httpGet: { port: 80 } },
        },
      ],
      volumes: [{ name: "v" }, { name: "h", hostPath: { path: "/x" } }],
    },
  });
  const spec = object.spec as JsonObject;
  const [container] = spec.containers as JsonObject[];
  assert.equal(spec.serviceAccountName, "sa");
  assert.equal(spec.enableServiceLinks, true);
  assert.equal(container?.imagePullPolicy, "Always");
  assert.deepEqual(container?.ports, [{ containerPort: 80, protocol: "TCP", hostPort: 80 }]);
  assert.deepEqual(container?.resources, { limits: { cpu: "1" }, requests: { cpu: "1" } });
  assert.deepEqual((container?.readinessProbe as JsonObject | undefined)?.httpGet, {
    port: 80,
    path: "/",
    scheme: "HTTP",
  });
  assert.deepEqual(spec.volumes, [
    { name: "v", emptyDir: {} },
    { name: "h", hostPath: { path: "/x", type: "" } },
  ]);
});

test("its argument stays as it was", () => {
  const source = { spec: { containers: [{ name: "a", image: "b" }] } };
  const copy = structuredClone(source);
  read("v1", "Pod", source);
  assert.deepEqual(source, copy);
});

test("of a list that is owned as a whole its owners are told with what is empty in it", () => {
  const from = [{ podSelector: { matchLabels: {} } }];
  const { object } = read("networking.k8s.io/v1", "NetworkPolicy", {
    spec: { podSelector: { matchLabels: {} }, ingress: [{ from }] },
  });
  assert.deepEqual((asOwned(object).spec as JsonObject).ingress, [{ from }]);
  assert.deepEqual((asOwned(object).spec as JsonObject).podSelector, {});
  assert.deepEqual((asWritten(object).spec as JsonObject).ingress, [{ from: [{ podSelector: {} }] }]);
});

test("null is read into an item as nothing of its type", () => {
  const quota = read("v1", "ResourceQuota", { spec: { hard: { pods: null } } }).object;
  assert.deepEqual((quota.spec as JsonObject).hard, { pods: "0" });
  const map = read("v1", "ConfigMap", { data: { a: null } }).object;
  assert.deepEqual(map.data, { a: "" });
});
