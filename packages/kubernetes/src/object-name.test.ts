import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProblemError } from "@slipway/yaml";
import { compareVersions, createMapper, resourcesOfCrd } from "./mapper.ts";
import type { KubernetesObject, ObjectIdentity } from "./object.ts";
import { findObject, parseObjectName } from "./object-name.ts";
import { normalizeScope } from "./scope.ts";

const widgets: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Cluster",
    names: { plural: "widgets", singular: "widget", kind: "Widget", shortNames: ["wd", "deploy"] },
    versions: [
      { name: "v1beta1", served: true, schema: { openAPIV3Schema: { type: "object" } } },
      {
        name: "v1",
        served: true,
        subresources: { status: {}, scale: {} },
        schema: { openAPIV3Schema: { type: "object", properties: { status: { type: "object" } } } },
      },
      { name: "v2", served: false },
    ],
  },
};
const mapper = createMapper({ crds: [widgets] });

test("a CRD's served versions become resources, the preferred one first", () => {
  const [v1, beta, ...rest] = resourcesOfCrd(widgets);
  assert.deepEqual([v1?.version, v1?.expectsStatus, v1?.namespaced], ["v1", true, false]);
  assert.deepEqual(
    v1?.subresources.map((subresource) => subresource.name),
    ["status", "scale"],
  );
  assert.deepEqual([beta?.version, beta?.expectsStatus], ["v1beta1", false]);
  assert.deepEqual(rest, []);
});

test("versions are ordered as the server prefers them", () => {
  const versions = [
    "foo1",
    "v1alpha1",
    "v10",
    "v2beta1",
    "v2",
    "v11beta2",
    "v1",
    "v11alpha2",
    "v3beta1",
    "foo10",
  ];
  assert.deepEqual(versions.sort(compareVersions), [
    "v10",
    "v2",
    "v1",
    "v11beta2",
    "v3beta1",
    "v2beta1",
    "v11alpha2",
    "v1alpha1",
    "foo1",
    "foo10",
  ]);
});

test("a kind is found by every name that people use", () => {
  for (const name of ["deployment", "Deployments", "deploy.apps", "deployments.v1.apps"]) {
    assert.equal(mapper.resolve(name)[0]?.kind, "Deployment", name);
  }
  assert.deepEqual(
    mapper.resolve("deploy").map((type) => type.kind),
    ["Deployment", "Widget"],
  );
  assert.equal(mapper.resolve("widgets.v1beta1.example.com")[0]?.version, "v1beta1");
  assert.deepEqual(mapper.resolve("deployments.v2.apps"), []);
  assert.deepEqual(mapper.resolve("nonsense"), []);
});

test("an object's own version is used only if it is served", () => {
  assert.equal(mapper.find("example.com", "Widget", "v9")?.version, "v1");
  assert.equal(mapper.findFor({ ...widgets, apiVersion: "example.com/v9", kind: "Widget" }), undefined);
  assert.equal(
    mapper.findFor({ ...widgets, apiVersion: "example.com/v1beta1", kind: "Widget" })?.version,
    "v1beta1",
  );
});

test("scope: a cluster-scoped object loses its namespace, a namespaced one gets the default", () => {
  const widget = mapper.find("example.com", "Widget");
  const pod = mapper.find("", "Pod");
  assert.ok(widget && pod);
  const object = { apiVersion: "v1", kind: "X", metadata: { name: "x", namespace: "y", labels: { a: "b" } } };
  assert.deepEqual(normalizeScope(object, widget).metadata, { name: "x", labels: { a: "b" } });
  assert.equal(normalizeScope(object, pod), object);
  assert.equal(normalizeScope({ ...object, metadata: { name: "x" } }, pod).metadata.namespace, "default");
});

const ids: ObjectIdentity[] = [
  { group: "apps", kind: "Deployment", namespace: "kubeflow", name: "ml-pipeline" },
  { group: "apps", kind: "Deployment", namespace: "a", name: "webhook" },
  { group: "apps", kind: "Deployment", namespace: "b", name: "webhook" },
  { group: "example.com", kind: "Widget", name: "ml-pipeline" },
];
const find = (text: string) => findObject(text, ids, { mapper, identityOf: (id) => id });

/** What is said to a person: the message and what to do next. */
function refusal(text: string): string {
  try {
    find(text);
  } catch (error) {
    const { message, next } = (error as ProblemError).problem;
    return `${message}; ${next}`;
  }
  return "found";
}

test("objects are found by kind and name, with the namespace where it is needed", () => {
  assert.equal(find("deployment/ml-pipeline"), ids[0]);
  assert.equal(find("deploy.apps/kubeflow/ml-pipeline"), ids[0]);
  assert.equal(find("deploy/b/webhook"), ids[2]);
  assert.equal(find("wd/ml-pipeline"), ids[3]);
});

test("what is not found is answered with what may be meant", () => {
  assert.match(refusal("deploy/webhook"), /names 2 objects: Deployment\/a\/webhook, .*; add the namespace/);
  assert.match(refusal("deploy/ml-pipeline"), /names 2 objects: .*Widget\.example\.com.*; add the group/);
  assert.match(
    refusal("deployment/ml-pipelin"),
    /no Deployment\/ml-pipelin; did you mean Deployment\/kubeflow\/ml-pipeline/,
  );
  assert.match(
    refusal("deployment/kubeflow/webhook"),
    /did you mean Deployment\/a\/webhook or Deployment\/b\/webhook/,
  );
  assert.match(refusal("deplyoment/x"), /no kind called "deplyoment"; did you mean "deployment"/);
  assert.throws(() => parseObjectName("ml-pipeline"), { name: "ProblemError" });
});
