import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { decodeBuiltin } from "../builtin/decode.ts";
import { mutatingAdmissionPolicy } from "./mutating-policy.ts";
import { createTestAttributes, createTestReader } from "./testing.ts";

const api = "admissionregistration.k8s.io/v1";

function policy(name: string, spec: JsonObject): KubernetesObject {
  const rule = {
    apiGroups: ["apps"],
    apiVersions: ["v1"],
    operations: ["CREATE"],
    resources: ["deployments"],
  };
  const matchConstraints = { resourceRules: [rule] };
  return {
    apiVersion: api,
    kind: "MutatingAdmissionPolicy",
    metadata: { name },
    spec: { matchConstraints, ...spec },
  };
}

function binding(policyName: string): KubernetesObject {
  const kind = "MutatingAdmissionPolicyBinding";
  return { apiVersion: api, kind, metadata: { name: "everywhere" }, spec: { policyName } };
}

const written: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "team", labels: { a: "b" } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "app", image: "x" }] } },
  },
};

/** As the server holds it, with its defaults. */
const deployment = decodeBuiltin(written).object;

const apply = (expression: string) => ({
  patchType: "ApplyConfiguration",
  applyConfiguration: { expression },
});
const patch = (expression: string) => ({ patchType: "JSONPatch", jsonPatch: { expression } });

async function admit(...specs: JsonObject[]): Promise<KubernetesObject | undefined> {
  const objects = specs.flatMap((spec, index) => [policy(`p${index}`, spec), binding(`p${index}`)]);
  const plugin = mutatingAdmissionPolicy({ reinvoke: [] });
  return plugin.admit!(createTestAttributes(deployment), createTestReader(objects));
}

test("configurations are applied and patches made, one after the other", async () => {
  const changed = await admit({
    variables: [{ name: "more", expression: "object.spec.replicas + 1" }],
    mutations: [
      apply(
        "Object{metadata: Object.metadata{labels: {'c': 'd'}}, spec: Object.spec{replicas: variables.more}}",
      ),
      patch("[JSONPatch{op: 'add', path: '/metadata/labels/e', value: string(object.spec.replicas)}]"),
      apply(
        "Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: 'side', image: 'y'}]}}}}",
      ),
    ],
  });
  assert.deepEqual(changed?.metadata.labels, { a: "b", c: "d", e: "2" });
  const spec = changed?.spec as { replicas: number; template: { spec: { containers: { name: string }[] } } };
  assert.equal(spec.replicas, 2);
  assert.deepEqual(spec.template.spec.containers.map(({ name }) => name).sort(), ["app", "side"]);
});

test("a policy whose conditions do not hold changes nothing", async () => {
  const spec = { mutations: [apply("Object{spec: Object.spec{replicas: 2}}")] };
  assert.ok(await admit(spec));
  const condition = { name: "a", expression: "object.spec.replicas > 1" };
  assert.equal(await admit({ ...spec, matchConditions: [condition] }), undefined);
});

test("policies that want to are asked again after something changed", async () => {
  const count = [
    patch("[JSONPatch{op: 'replace', path: '/spec/replicas', value: object.spec.replicas + 1}]"),
  ];
  const once = await admit({ mutations: count, reinvocationPolicy: "Never" });
  const twice = await admit({ mutations: count, reinvocationPolicy: "IfNeeded" });
  assert.deepEqual(
    [once?.spec, twice?.spec].map((spec) => (spec as JsonObject).replicas),
    [2, 3],
  );
});

test("what a policy cannot do refuses, unless it fails open", async () => {
  const cases: [mutation: JsonObject, message: RegExp][] = [
    [
      apply("Object{spec: Object.spec{nothing: 1}}"),
      /error applying patch: failed to convert patch object to typed object: \.spec\.nothing: field not declared in schema$/,
    ],
    [
      apply("Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {'a': 'b'}}}}"),
      /may not mutate atomic arrays, maps or structs: \.spec\.selector$/,
    ],
    [patch("[JSONPatch{op: 'remove', path: '/spec/nothing'}]"), /JSON Patch: /],
    [patch("[JSONPatch{op: 'remove', path: object.nothing}]"), /resulted in error: no such key: nothing$/],
  ];
  for (const [mutation, message] of cases) {
    await assert.rejects(admit({ mutations: [mutation] }), { code: 403, reason: "Invalid", message });
    assert.equal(await admit({ mutations: [mutation], failurePolicy: "Ignore" }), undefined);
  }
  assert.equal(
    await admit({
      mutations: [
        patch("[JSONPatch{op: 'test', path: '/kind', value: 'Pod'}, JSONPatch{op: 'remove', path: '/spec'}]"),
      ],
    }),
    undefined,
  );
});
