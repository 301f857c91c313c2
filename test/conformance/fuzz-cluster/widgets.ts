// A custom kind with one of each thing that a schema can say, and objects of it.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";

const text: JsonObject = { type: "string" };
const port: JsonObject = {
  type: "object",
  required: ["name"],
  properties: {
    name: text,
    protocol: { type: "string", default: "TCP", enum: ["TCP", "UDP"] },
    number: { type: "integer", minimum: 1, maximum: 65535 },
  },
};
const keyed = (keys: string[]): JsonObject => ({
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": keys,
});

const spec: JsonObject = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", format: "int32", minimum: 0, maximum: 10 },
    replicas: { type: "integer", default: 1 },
    colour: { type: "string", maxLength: 8, enum: ["red", "blue"], default: "red" },
    title: { type: "string", minLength: 1, maxLength: 8, pattern: "^[a-z]+$" },
    note: { type: "string", nullable: true },
    since: { type: "string", format: "date-time" },
    ratio: { type: "number", multipleOf: 0.5 },
    active: { type: "boolean", default: true },
    share: { "x-kubernetes-int-or-string": true },
    tags: { type: "array", items: text, "x-kubernetes-list-type": "set", maxItems: 4 },
    words: { type: "array", items: text },
    order: { type: "array", items: text, "x-kubernetes-list-type": "atomic" },
    ports: { type: "array", items: port, maxItems: 8, ...keyed(["name", "protocol"]) },
    links: { type: "array", items: port, ...keyed(["name"]) },
    settings: { type: "object", additionalProperties: text },
    frozen: { type: "object", additionalProperties: text, "x-kubernetes-map-type": "atomic" },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    nested: {
      type: "object",
      default: { depth: 1 },
      properties: { depth: { type: "integer" }, inner: { type: "object", properties: { a: text, b: text } } },
    },
  },
  "x-kubernetes-validations": [
    { rule: "!has(self.title) || self.title != 'never'", message: "never is no title" },
    {
      rule: "self.size <= 9 || self.colour == 'blue'",
      messageExpression: "'a size above 9 is not for ' + self.colour",
    },
    { rule: "self.replicas >= oldSelf.replicas - 3", message: "at most three less" },
  ],
};

/** The definition, with two versions, a status and a scale. */
export const widgetDefinition: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.fuzz.example.com" },
  spec: {
    group: "fuzz.example.com",
    scope: "Namespaced",
    names: { plural: "gadgets", singular: "gadget", kind: "Gadget", listKind: "GadgetList" },
    versions: ["v1", "v2"].map((name) => ({
      name,
      served: true,
      storage: name === "v1",
      schema: {
        openAPIV3Schema: {
          type: "object",
          properties: {
            spec,
            status: {
              type: "object",
              properties: {
                replicas: { type: "integer" },
                phase: text,
                conditions: {
                  type: "array",
                  items: { type: "object", required: ["type"], properties: { type: text, status: text } },
                  ...keyed(["type"]),
                },
              },
            },
          },
        },
      },
      subresources: {
        status: {},
        scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
      },
    })),
  },
};

const gadget = (version: string, specOf: JsonObject): KubernetesObject => ({
  apiVersion: `fuzz.example.com/${version}`,
  kind: "Gadget",
  metadata: { name: "a" },
  spec: specOf,
});

/** Objects that use all of it. */
export const widgets: readonly KubernetesObject[] = [
  gadget("v1", { size: 1 }),
  gadget("v1", {
    size: 3,
    title: "abc",
    note: null,
    tags: ["a", "b"],
    words: ["x", "y"],
    order: ["1", "2"],
    ports: [{ name: "web", number: 80 }, { name: "web", protocol: "UDP", number: 80 }, { name: "dns" }],
    links: [{ name: "one" }, { name: "two", number: 2 }],
    settings: { a: "1", b: "2" },
    frozen: { a: "1" },
    free: { any: { thing: [1, "x", null] } },
    nested: { inner: { a: "1" } },
    share: "50%",
    ratio: 1.5,
    since: "2026-01-02T03:04:05Z",
  }),
  gadget("v2", { size: 9, colour: "blue", replicas: 5, share: 3, nested: {}, settings: {} }),
  gadget("v1", { size: 2, nested: { depth: 2, inner: {} }, tags: [], ports: [], active: false }),
];
