// Random files for `openapi` and `crds`: schemas of the fuzzer's own kinds and of some that kustomize knows.
import type { Random } from "./random.ts";

/** Where a file goes, and chance. */
interface Place {
  readonly random: Random;
  readonly files: Record<string, string>;
  readonly directory: string;
}

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const foo: Kind = { group: "example.com", version: "v1", kind: "Foo" };
const bar: Kind = { group: "example.com", version: "v1", kind: "Bar" };
const deployment: Kind = { group: "apps", version: "v1", kind: "Deployment" };
const role: Kind = { group: "rbac.authorization.k8s.io", version: "v1", kind: "Role" };

/** An `openapi` field with a schema of its own, or with the version that kustomize carries. */
export function openApi({ random, files, directory }: Place): string {
  if (random.chance(0.1)) return "openapi:\n  version: v1.21.2\n";
  const schema = { definitions: randomDefinitions(random), paths: randomPaths(random) };
  files[`${directory}/schema.json`] = JSON.stringify(schema, null, random.chance(0.5) ? 2 : 0);
  return "openapi:\n  path: schema.json\n";
}

function randomDefinitions(random: Random): Record<string, unknown> {
  const list = (key: string | null, items: unknown = { type: "object" }) => ({
    type: "array",
    items,
    "x-kubernetes-patch-strategy": random.pick(["merge", "merge", "merge,retainKeys", "replace"]),
    ...(key === null ? {} : { "x-kubernetes-patch-merge-key": key }),
    ...(random.chance(0.2) ? { "x-kubernetes-list-map-keys": ["name", "v"] } : {}),
  });
  const of = (kind: Kind, spec: unknown) => ({
    type: "object",
    properties: { apiVersion: { type: "string" }, kind: { type: "string" }, spec },
    "x-kubernetes-group-version-kind": [kind],
  });
  const reference = (name: string) => ({ $ref: `#/definitions/${name}` });
  const fooList = list("name");
  const definitions: Record<string, unknown> = {};
  definitions["com.example.v1.Foo"] = of(
    foo,
    random.pick<unknown>([
      { type: "object", properties: { list: fooList } },
      { type: "object", additionalProperties: fooList },
      reference("com.example.v1.FooSpec"),
      reference("com.example.v1.Missing"),
    ]),
  );
  definitions["com.example.v1.FooSpec"] = {
    type: "object",
    properties: { list: random.pick([fooList, list("v"), reference("com.example.List")]) },
  };
  definitions["com.example.List"] = list(random.pick(["name", null]), reference("com.example.Item"));
  definitions["com.example.Item"] = { type: "object", properties: { name: { type: "string" } } };
  if (random.chance(0.3)) {
    const template = random.pick<unknown>([
      reference("io.k8s.api.core.v1.PodTemplateSpec"),
      {
        properties: {
          spec: { properties: { containers: random.pick([list("name"), list("image"), { type: "array" }]) } },
        },
      },
    ]);
    definitions["io.k8s.api.apps.v1.Deployment"] = of(deployment, { properties: { template } });
  }
  if (random.chance(0.2)) {
    definitions["io.k8s.api.core.v1.PodSpec"] = {
      properties: { containers: list(random.pick(["name", "image"])) },
    };
  }
  return definitions;
}

function randomPaths(random: Random): Record<string, unknown> {
  const paths: Record<string, unknown> = {};
  for (const kind of [foo, bar, deployment, role]) {
    if (random.chance(0.4)) continue;
    const get = { "x-kubernetes-group-version-kind": kind };
    const plural = `${kind.kind.toLowerCase()}s`;
    const root = `/apis/${kind.group}/${kind.version}`;
    if (random.chance(0.8)) paths[`${root}/${plural}`] = { get };
    if (random.chance(0.3)) paths[`${root}/namespaces/{namespace}/${plural}/{name}`] = { get };
    if (random.chance(0.1)) paths[`${root}/namespaces/{namespace}/${plural}`] = { post: get };
  }
  return paths;
}

/** A `crds` field: definitions whose extensions name fields with names, labels and annotations. */
export function crds({ random, files, directory }: Place): string {
  const property = random.pick<Record<string, unknown>>([
    { a: reference("ConfigMap") },
    { a: { "x-kubernetes-annotation": "" } },
    { labels: { "x-kubernetes-label-selector": "" } },
    { a: { "x-kubernetes-identity": "" } },
    { nested: { $ref: "com.example.Nested" } },
    { list: reference("Secret") },
  ]);
  const definitions = {
    "com.example.v1.Foo": {
      Schema: {
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { type: "object" },
          spec: { $ref: "com.example.v1.FooSpec" },
        },
      },
    },
    "com.example.v1.FooSpec": { Schema: { properties: property } },
    "com.example.Nested": { Schema: { properties: { deep: reference("ConfigMap") } } },
  };
  files[`${directory}/crds.json`] = JSON.stringify(definitions, null, 2);
  return "crds:\n- crds.json\n";
}

function reference(kind: string): Record<string, unknown> {
  return {
    "x-kubernetes-object-ref-api-version": "v1",
    "x-kubernetes-object-ref-kind": kind,
    "x-kubernetes-object-ref-name-key": "name",
  };
}

/** Perhaps a comment beside a key, which kustomize takes for the schema of a list when it is JSON. */
export function schemaComment(random: Random): string {
  if (!random.chance(0.08)) return "";
  const list = { type: "array", "x-kubernetes-patch-strategy": "merge" };
  return ` # ${random.pick([
    JSON.stringify({ ...list, "x-kubernetes-patch-merge-key": random.pick(["name", "image", "v"]) }),
    JSON.stringify({ ...list, items: { $ref: "#/definitions/io.k8s.api.core.v1.Container" } }),
    '{"$ref": "#/definitions/com.example.List"}',
    '{"properties": {"list": {"type": "array", "x-kubernetes-patch-strategy": "merge"}}}',
    '{"$kpt-set": "list"}',
    "{}",
    "words",
  ])}`;
}
