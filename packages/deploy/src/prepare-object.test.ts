import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { builtin, createMapper, type KubernetesObject } from "@slipway/kubernetes";
import { readYaml } from "@slipway/yaml";
import { fixture, skipWithout } from "../../../test/support/fixtures.ts";
import { prepareObject } from "./prepare-object.ts";

const labels = { "part-of": "set" };
const prepare = (group: string, kind: string, rest: object): KubernetesObject =>
  prepareObject(
    { apiVersion: group ? `${group}/v1` : "v1", kind, metadata: { name: "x" }, ...rest },
    builtin(group, kind),
    labels,
  );

test("the label is added and what the server makes is left out", () => {
  const sent = prepare("", "Namespace", {
    metadata: {
      name: "x",
      namespace: "y",
      labels: { a: "b" },
      creationTimestamp: null,
      uid: "u",
      resourceVersion: "1",
    },
    status: {},
  });
  assert.deepEqual(sent, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "x", labels: { a: "b", ...labels } },
  });
});

test("an empty caBundle is not sent, a real one is; the rest of the webhook stays", () => {
  const webhook = (name: string, caBundle: string) => ({
    name,
    clientConfig: { service: { name: "s" }, caBundle },
  });
  const sent = prepare("admissionregistration.k8s.io", "MutatingWebhookConfiguration", {
    webhooks: [webhook("a", ""), webhook("b", "Cg=="), webhook("c", "UkVBTA==")],
  });
  assert.deepEqual(sent.webhooks, [
    { name: "a", clientConfig: { service: { name: "s" } } },
    { name: "b", clientConfig: { service: { name: "s" } } },
    webhook("c", "UkVBTA=="),
  ]);
});

test("rules of aggregated roles and the data of empty Secrets are not sent", () => {
  const rbac = "rbac.authorization.k8s.io";
  assert.equal("rules" in prepare(rbac, "ClusterRole", { aggregationRule: {}, rules: [] }), false);
  assert.equal("rules" in prepare(rbac, "ClusterRole", { rules: [] }), true);
  assert.equal("data" in prepare("", "Secret", { data: {} }), false);
  assert.deepEqual(prepare("", "Secret", { data: { a: "" } }).data, { a: "" });
});

test("a conversion webhook's and an APIService's empty CA are not sent", () => {
  const definition = prepare("apiextensions.k8s.io", "CustomResourceDefinition", {
    spec: { conversion: { strategy: "Webhook", webhook: { clientConfig: { caBundle: "Cg==" } } } },
  });
  assert.deepEqual(definition.spec, { conversion: { strategy: "Webhook", webhook: { clientConfig: {} } } });
  assert.deepEqual(
    prepare("apiregistration.k8s.io", "APIService", { spec: { caBundle: "", group: "g" } }).spec,
    { group: "g" },
  );
});

const golden = fixture("golden/26.03/example.yaml.gz");
test("of the release, only what controllers fill is left out", { skip: skipWithout(golden) }, () => {
  const text = gunzipSync(readFileSync(golden)).toString("utf8");
  const objects = readYaml(text).map((document) => document.value as KubernetesObject);
  const mapper = createMapper({ crds: objects });
  const changed: string[] = [];
  for (const object of objects) {
    const type = mapper.findFor(object);
    assert.ok(type, object.kind);
    const sent = prepareObject(object, type, {});
    for (const key of Object.keys(object)) {
      if (key === "metadata" || key === "status") continue;
      if (JSON.stringify(object[key]) !== JSON.stringify(sent[key])) changed.push(`${object.kind} ${key}`);
    }
  }
  const counts = Map.groupBy(changed, (entry) => entry);
  assert.deepEqual(
    [...counts].map(([entry, all]) => `${entry}: ${all.length}`),
    ["MutatingWebhookConfiguration webhooks: 1", "ClusterRole rules: 12", "Secret data: 1"],
  );
});
