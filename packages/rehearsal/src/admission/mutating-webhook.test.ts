import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { createRandom } from "../clock/random.ts";
import type { CallWebhook } from "../webhooks/call-webhook.ts";
import type { AdmissionAttributes, AdmissionPlugin } from "./admission.ts";
import { objectsAt, textAt } from "./read-json.ts";
import { createTestAttributes, createTestReader } from "./testing.ts";
import { mutatingAdmissionWebhook } from "./webhook-admission.ts";

const podRule = { apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["pods"] };

function configuration(name: string, change: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name: `${name}.example.com`,
        admissionReviewVersions: ["v1"],
        clientConfig: { service: { name, namespace: "sys" } },
        rules: [podRule],
        failurePolicy: "Fail",
        sideEffects: "None",
        ...change,
      },
    ],
  };
}

const pod: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "team" },
  spec: { containers: [{ name: "main", image: "i" }] },
};

type Patch = (object: KubernetesObject) => readonly JsonObject[];

/** Sends an object past webhooks that patch it, each named after its Service, and notes who was called. */
async function admit(
  configurations: readonly KubernetesObject[],
  patches: Readonly<Record<string, Patch>>,
  options: {
    readonly object?: KubernetesObject;
    readonly more?: Partial<AdmissionAttributes>;
    readonly reinvoke?: readonly AdmissionPlugin[];
    readonly others?: readonly KubernetesObject[];
  } = {},
): Promise<{ readonly object: KubernetesObject | undefined; readonly called: readonly string[] }> {
  const called: string[] = [];
  const call: CallWebhook = async ({ clientConfig, review }) => {
    const name = textAt(clientConfig, "service", "name") ?? "";
    called.push(name);
    const request = review.request as JsonObject;
    const patch = patches[name]?.((request.object ?? request.oldObject) as KubernetesObject) ?? [];
    const response: JsonObject = { uid: request.uid, allowed: true };
    if (patch.length > 0) {
      response.patch = Buffer.from(JSON.stringify(patch)).toString("base64");
      response.patchType = "JSONPatch";
    }
    return { response };
  };
  const plugin = mutatingAdmissionWebhook({
    call,
    random: createRandom(1),
    reinvoke: options.reinvoke ?? [],
  });
  const reader = createTestReader([...configurations, ...(options.others ?? [])]);
  const object = await plugin.admit!(createTestAttributes(options.object ?? pod, options.more), reader);
  return { object, called };
}

const label = (key: string): Patch => {
  return ({ metadata }) => [
    { op: "add", path: "/metadata/labels", value: { ...metadata.labels, [key]: "yes" } },
  ];
};

test("webhooks run in the order of their configurations' names, each on what the one before made", async () => {
  const seen: unknown[] = [];
  const { object, called } = await admit([configuration("b"), configuration("a")], {
    a: label("first"),
    b: (one) => {
      seen.push(one.metadata.labels);
      return label("second")(one);
    },
  });
  assert.deepEqual(called, ["a", "b"]);
  assert.deepEqual(seen, [{ first: "yes" }]);
  assert.deepEqual(object?.metadata.labels, { first: "yes", second: "yes" });
});

test("nothing is changed when no webhook patches", async () => {
  const { object, called } = await admit([configuration("a")], {});
  assert.equal(object, undefined);
  assert.deepEqual(called, ["a"]);
});

test("an injected container gets the server's defaults", async () => {
  const { object } = await admit([configuration("a")], {
    a: () => [{ op: "add", path: "/spec/containers/-", value: { name: "sidecar", image: "proxy:v1" } }],
  });
  const [, sidecar] = objectsAt(object, "spec", "containers");
  assert.equal(sidecar?.imagePullPolicy, "IfNotPresent");
  assert.equal(sidecar?.terminationMessagePath, "/dev/termination-log");
});

test("a webhook that asks for it is called again after a later one changed the object, and only then", async () => {
  const again = configuration("a", { reinvocationPolicy: "IfNeeded" });
  const changed = await admit([again, configuration("b")], { a: label("a"), b: label("b") });
  assert.deepEqual(changed.called, ["a", "b", "a"]);
  const unchanged = await admit([again, configuration("b")], { a: label("a") });
  assert.deepEqual(unchanged.called, ["a", "b"]);
  const once = await admit([configuration("a"), configuration("b")], { a: label("a"), b: label("b") });
  assert.deepEqual(once.called, ["a", "b"]);
});

test("the server's own plugins look again at what a webhook made, and webhooks at what these made", async () => {
  const again = configuration("a", { reinvocationPolicy: "IfNeeded" });
  const count: AdmissionPlugin = {
    name: "Count",
    async admit({ object }) {
      if (!object) return undefined;
      const annotations = { containers: String(objectsAt(object, "spec", "containers").length) };
      return { ...object, metadata: { ...object.metadata, annotations } };
    },
  };
  const { object, called } = await admit(
    [again],
    {
      a: (one) =>
        objectsAt(one, "spec", "containers").length > 1
          ? []
          : [{ op: "add", path: "/spec/containers/-", value: { name: "sidecar", image: "proxy:v1" } }],
    },
    { reinvoke: [count] },
  );
  assert.equal(object?.metadata.annotations?.containers, "2");
  assert.deepEqual(called, ["a", "a"]);
});

test("a patch made in another version is brought back to the object's own", async () => {
  const definition: KubernetesObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      versions: [
        { name: "v1", served: true },
        { name: "v2", served: true },
      ],
    },
  };
  const rules = [
    { apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["widgets"] },
  ];
  const seen: string[] = [];
  const widget: KubernetesObject = {
    apiVersion: "example.com/v2",
    kind: "Widget",
    metadata: { name: "w", namespace: "team" },
  };
  const { object } = await admit(
    [configuration("a", { rules })],
    {
      a: (one) => {
        seen.push(one.apiVersion);
        return [{ op: "add", path: "/size", value: 3 }];
      },
    },
    { object: widget, others: [definition] },
  );
  assert.deepEqual(seen, ["example.com/v1"]);
  assert.deepEqual(object, { ...widget, size: 3 });
});

test("a patch of a deletion is an error", async () => {
  const plugin = admit(
    [configuration("a")],
    { a: () => [{ op: "add", path: "/metadata/labels", value: {} }] },
    { more: { operation: "DELETE", object: undefined, oldObject: pod } as Partial<AdmissionAttributes> },
  );
  await assert.rejects(plugin, {
    code: 500,
    message:
      'Internal error occurred: admission webhook "a.example.com" attempted to modify the object, which is not supported for this operation',
  });
});

test("a patch that cannot be applied is an error of the server", async () => {
  const broken = admit([configuration("a")], {
    a: () => [{ op: "replace", path: "/spec/missing/field", value: 1 }],
  });
  await assert.rejects(broken, { code: 500, message: /^Internal error occurred: .*missing/ });
});
