import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { checkPod } from "../admission/pod-security/check-pod.ts";
import { createTestReader } from "../admission/testing.ts";
import { answerReview } from "../webhooks/backend.ts";
import { istioInjector } from "./istio-injector.ts";

const values = { global: { hub: "gcr.io/istio-release", tag: "1.29.0", proxy: { image: "proxyv2" } } };
const configMap: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "istio-sidecar-injector", namespace: "istio-system" },
  data: { values: JSON.stringify(values) },
};

function pod(metadata: JsonObject = {}, spec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", ...metadata },
    spec: { containers: [{ name: "main" }], ...spec },
  };
}

/** The patch that the injector answers with, decoded as the API server does. */
async function inject(object: KubernetesObject, path = "/inject"): Promise<JsonObject[]> {
  const request = {
    uid: "1",
    operation: "CREATE",
    name: "p",
    namespace: "kubeflow",
    dryRun: false,
    object,
  };
  const review = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request };
  const answer = await answerReview(istioInjector, review, { path, reader: createTestReader([configMap]) });
  const response = answer.response as JsonObject;
  assert.equal(response.uid, "1");
  assert.equal(response.allowed, true);
  return response.patch ? JSON.parse(Buffer.from(String(response.patch), "base64").toString()) : [];
}

test("a pod gets the proxy of the release's values, as a native sidecar, and what the proxy mounts", async () => {
  const patch = await inject(pod({ labels: { app: "web" } }, { volumes: [{ name: "own", emptyDir: {} }] }));
  const added = (path: string) => patch.find((operation) => operation.path === path)?.value as JsonObject[];
  const containers = added("/spec/initContainers");
  assert.deepEqual(
    containers.map(({ name, image, restartPolicy }) => [name, image, restartPolicy]),
    [
      ["istio-validation", "gcr.io/istio-release/proxyv2:1.29.0", undefined],
      ["istio-proxy", "gcr.io/istio-release/proxyv2:1.29.0", "Always"],
    ],
  );
  const volumes = added("/spec/volumes");
  assert.ok(volumes.some(({ name }) => name === "own"));
  assert.ok(
    volumes.some(
      ({ configMap: source }) => (source as JsonObject | undefined)?.name === "istio-ca-root-cert",
    ),
  );
});

test("an injected pod still meets the restricted standard", async () => {
  const patch = await inject(pod());
  const added = (path: string) => patch.find((operation) => operation.path === path)?.value;
  const spec = {
    containers: [],
    initContainers: added("/spec/initContainers"),
    volumes: added("/spec/volumes"),
  };
  assert.deepEqual(checkPod({ level: "restricted", version: "latest" }, { spec }), []);
});

test("pods that do not want a proxy, have one, or ask another path are left alone", async () => {
  assert.deepEqual(await inject(pod({ annotations: { "sidecar.istio.io/inject": "false" } })), []);
  assert.deepEqual(await inject(pod({ annotations: { "sidecar.istio.io/status": "{}" } })), []);
  assert.deepEqual(await inject(pod({}, { hostNetwork: true })), []);
  assert.deepEqual(await inject(pod(), "/validate"), []);
});
