import assert from "node:assert/strict";
import { test } from "node:test";
import { omitPath } from "./omit-path.ts";

const object = {
  metadata: { labels: { "a.b/c": "1", a: { b: "2" } }, finalizers: ["x", "y]"] },
  spec: {
    replicas: 1,
    ports: [
      { port: 80, protocol: "TCP", name: "tcp" },
      { port: 80, protocol: "UDP", name: "udp" },
    ],
    args: ["first", "second"],
  },
};

for (const [path, change] of [
  [".spec.replicas", { spec: { ports: object.spec.ports, args: object.spec.args } }],
  [".metadata.labels.a.b/c", { metadata: { labels: { a: { b: "2" } }, finalizers: ["x", "y]"] } }],
  [".metadata.labels.a.b", { metadata: { labels: { "a.b/c": "1", a: {} }, finalizers: ["x", "y]"] } }],
  ['.metadata.finalizers[="y]"]', { metadata: { ...object.metadata, finalizers: ["x"] } }],
  [
    '.spec.ports[port=80,protocol="UDP"].name',
    { spec: { ...object.spec, ports: [object.spec.ports[0], { port: 80, protocol: "UDP" }] } },
  ],
  [".spec.args[0]", { spec: { ...object.spec, args: ["second"] } }],
] as const) {
  test(`without ${path}`, () => {
    const before = structuredClone(object);
    assert.deepEqual(omitPath(object, path), { ...object, ...change });
    assert.deepEqual(object, before);
  });
}

test("a path that leads nowhere", () => {
  for (const path of [
    ".spec.other",
    ".spec.ports[port=81].name",
    ".spec.replicas.x",
    "spec",
    ".spec.args[5]",
  ]) {
    assert.equal(omitPath(object, path), undefined, path);
  }
});
