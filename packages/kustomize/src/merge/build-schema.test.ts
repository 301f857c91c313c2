import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "../build.ts";
import { createBuildMemory } from "../build-memory.ts";
import { memoryFileSystem } from "../memory-file-system.ts";

const foo = { group: "example.com", version: "v1", kind: "Foo" };
const mergedByName = {
  type: "array",
  items: { type: "object" },
  "x-kubernetes-patch-strategy": "merge",
  "x-kubernetes-patch-merge-key": "name",
};
const schema = (spec: unknown, paths: unknown = {}) =>
  JSON.stringify({
    definitions: {
      "com.example.v1.Foo": { properties: { spec }, "x-kubernetes-group-version-kind": [foo] },
    },
    paths,
  });
const listSchema = schema({ properties: { list: mergedByName } });
const fooObject = "apiVersion: example.com/v1\nkind: Foo\nmetadata:\n  name: f\n";
const deployment =
  "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  template:\n    spec:\n      containers:\n";
const component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n";

function yamlOf(files: Record<string, string>, directory = "/"): string {
  return build(directory, { fileSystem: memoryFileSystem(files) }).yaml();
}

/** What a schema makes of two containers' patch, when the first directory is what came before it. */
function containersAfter(before: Record<string, string>): string {
  const out = yamlOf(
    {
      ...before,
      "schema.json": listSchema,
      "late/kustomization.yaml": `${component}openapi: {path: schema.json}\n`,
      "late/schema.json": listSchema,
      "top/kustomization.yaml": "resources: [../before]\ncomponents: [../late]\npatches: [{path: p.yaml}]\n",
      "top/p.yaml": `${deployment}      - name: b\n        image: new\n`,
    },
    "/top",
  );
  return [...out.matchAll(/name: ([ab])\n/g)].map((match) => match[1]).join("");
}

const twoContainers = `${deployment}      - name: a\n        image: x\n      - name: b\n        image: y\n`;

test("a list of one's own kind is merged by the key that the schema says", () => {
  const out = yamlOf({
    "kustomization.yaml": "openapi: {path: schema.json}\nresources: [foo.yaml]\npatches: [{path: p.yaml}]\n",
    "schema.json": listSchema,
    "foo.yaml": `${fooObject}spec:\n  list:\n  - name: a\n  - name: b\n    v: 1\n`,
    "p.yaml": `${fooObject}spec:\n  list:\n  - name: b\n    v: 2\n`,
  });
  assert.match(out, /list:\n {2}- name: b\n {4}v: 2\n {2}- name: a\n$/);
});

test("a schema at the root stands alone", () => {
  const out = yamlOf({
    "kustomization.yaml": "openapi: {path: schema.json}\nresources: [d.yaml]\npatches: [{path: p.yaml}]\n",
    "schema.json": listSchema,
    "d.yaml": twoContainers,
    "p.yaml": `${deployment}      - name: b\n        image: new\n`,
  });
  assert.doesNotMatch(out, /name: a\n/);
});

test("a schema that comes later adds to the built-in one if that was asked for before", () => {
  assert.equal(
    containersAfter({ "before/kustomization.yaml": "resources: [d.yaml]\n", "before/d.yaml": twoContainers }),
    "b",
  );
  const withUnknownKind = `${twoContainers}---\n${fooObject}`;
  assert.equal(
    containersAfter({
      "before/kustomization.yaml": "resources: [d.yaml]\n",
      "before/d.yaml": withUnknownKind,
    }),
    "ba",
  );
  assert.equal(
    containersAfter({
      "before/kustomization.yaml": `resources: [d.yaml, n.yaml]\nreplacements:\n- source: {kind: Namespace, fieldPath: metadata.name}\n  targets: [{select: {kind: Namespace}, fieldPaths: [apiVersion]}]\n`,
      "before/d.yaml": twoContainers,
      "before/n.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: v2\n",
    }),
    "ba",
  );
  assert.equal(
    containersAfter({
      "before/kustomization.yaml": "resources: [d.yaml]\npatches: [{path: p.yaml}]\n",
      "before/d.yaml": twoContainers,
      "before/p.yaml": `${deployment}      - name: a\n        image: z\n`,
    }),
    "ba",
  );
});

test("a schema that says no list of a built-in kind hides it only when it was read after the built-in one", () => {
  const own = JSON.stringify({
    definitions: {
      d: { "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Deployment" }] },
    },
  });
  const run = (before: Record<string, string>) => {
    const out = yamlOf(
      {
        "late/kustomization.yaml": `${component}openapi: {path: schema.json}\n`,
        "late/schema.json": own,
        "top/kustomization.yaml":
          "resources: [all.yaml, ../before]\ncomponents: [../late]\npatches: [{path: p.yaml}]\n",
        "top/all.yaml": `${twoContainers}---\n${fooObject}`,
        "top/p.yaml": `${deployment}      - name: b\n        image: new\n`,
        ...before,
      },
      "/top",
    );
    return /name: a\n/.test(out);
  };
  const quiet = { "before/kustomization.yaml": "resources: [c.yaml]\n" };
  const configMap = { "before/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n" };
  assert.equal(run({ ...quiet, ...configMap }), true);
  const patched = {
    "before/kustomization.yaml": "resources: [c.yaml]\npatches: [{path: c.yaml}]\n",
    ...configMap,
  };
  assert.equal(run(patched), false);
});

test("the first kustomization to say openapi decides", () => {
  const out = yamlOf(
    {
      "base/kustomization.yaml": "openapi: {path: schema.json}\nresources: [foo.yaml]\n",
      "base/schema.json": listSchema,
      "base/foo.yaml": `${fooObject}spec:\n  list:\n  - name: a\n  - name: b\n`,
      "top/kustomization.yaml":
        "openapi: {version: v1.21.2}\nresources: [../base]\npatches: [{path: p.yaml}]\n",
      "top/p.yaml": `${fooObject}spec:\n  list:\n  - name: b\n    v: 2\n`,
    },
    "/top",
  );
  assert.match(out, /list:\n {2}- name: b\n {4}v: 2\n$/);
});

test("a kind whose paths hold no namespace gets none", () => {
  const run = (paths: unknown) =>
    yamlOf({
      "kustomization.yaml": "openapi: {path: schema.json}\nnamespace: here\nresources: [foo.yaml]\n",
      "schema.json": schema({}, paths),
      "foo.yaml": fooObject,
    });
  const get = { "x-kubernetes-group-version-kind": foo };
  assert.doesNotMatch(run({ "/apis/example.com/v1/foos": { get } }), /namespace/);
  assert.match(run({}), /namespace: here\n/);
  assert.match(run({ "/apis/example.com/v1/foos": { post: get } }), /namespace: here\n/);
  const both = { "/a/foos": { get }, "/a/namespaces/{namespace}/foos": { get } };
  assert.match(run(both), /namespace: here\n/);
});

test("a schema says nothing of the scope of kinds that kustomize knows, nor of another build's", () => {
  const role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: r\n";
  const gvk = { group: "rbac.authorization.k8s.io", version: "v1", kind: "Role" };
  const get = { "x-kubernetes-group-version-kind": gvk };
  const files = {
    "kustomization.yaml": "openapi: {path: schema.json}\nnamespace: here\nresources: [all.yaml]\n",
    "schema.json": schema(
      {},
      { "/roles": { get }, "/foos": { get: { "x-kubernetes-group-version-kind": foo } } },
    ),
    "all.yaml": `${role}---\n${fooObject}`,
  };
  assert.equal(yamlOf(files).match(/namespace: here/g)?.length, 1);
  const plain = { ...files, "kustomization.yaml": "namespace: here\nresources: [all.yaml]\n" };
  assert.equal(yamlOf(plain).match(/namespace: here/g)?.length, 2);
});

test("a build that remembers mixes the schemas as one that does not", () => {
  const files = {
    "before/kustomization.yaml": "resources: [d.yaml]\n",
    "before/d.yaml": `${twoContainers}---\n${fooObject}`,
    "late/kustomization.yaml": `${component}openapi: {path: schema.json}\n`,
    "late/schema.json": listSchema,
    "top/kustomization.yaml": "resources: [../before]\ncomponents: [../late]\npatches: [{path: p.yaml}]\n",
    "top/p.yaml": `${deployment}      - name: b\n        image: new\n`,
  };
  const memory = createBuildMemory();
  const run = () => build("/top", { fileSystem: memoryFileSystem(files), memory }).yaml();
  assert.equal(run(), yamlOf(files, "/top"));
  assert.equal(run(), yamlOf(files, "/top"));
});

test("an object that was renamed before its kind was said to have no namespace is not found by its old id", () => {
  const get = { "x-kubernetes-group-version-kind": foo };
  const run = (paths: unknown) =>
    yamlOf(
      {
        "base/kustomization.yaml": "resources: [foo.yaml]\nnameSuffix: -s\n",
        "base/foo.yaml": fooObject,
        "late/kustomization.yaml": `${component}openapi: {path: schema.json}\npatches: [{path: p.yaml}]\n`,
        "late/schema.json": schema({}, paths),
        "late/p.yaml": `${fooObject}spec: {a: b}\n`,
        "top/kustomization.yaml": "resources: [../base]\ncomponents: [../late]\n",
      },
      "/top",
    );
  assert.match(run({}), /a: b/);
  assert.throws(() => run({ "/apis/example.com/v1/foos": { get } }), /no resource matches/);
});
